import { KubeError } from '@fairlead/kube';

/** An admission webhook may quote what it refuses. */
export function withoutValue(error: KubeError, value: string): KubeError {
  if (value === '') return error;
  const forms = [value, Buffer.from(value, 'utf8').toString('base64'), JSON.stringify(value).slice(1, -1)];
  const clean = (text: string) => forms.reduce((rest, form) => rest.replaceAll(form, '•••'), text);
  const { message, details } = error.status;
  const causes = details?.causes?.map((cause) => ({ ...cause, ...(cause.message !== undefined && { message: clean(cause.message) }) }));
  return new KubeError({
    ...error.status,
    message: clean(message),
    ...(details && { details: { ...details, ...(causes && { causes }) } }),
  });
}
