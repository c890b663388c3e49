import { recordedData } from '../../recorded-data.js';

/** [number, name in JSON, type, flags]; see scripts/record-messages.mjs. */
export type Field = readonly [number: number, name: string, type: string, flags: string];
export type Messages = Readonly<Record<string, readonly Field[]>>;

let read: Messages | undefined;

/** How the built-in kinds are numbered; read when somebody first speaks protobuf. */
export function messages(): Messages {
  read ??= recordedData<Messages>('messages');
  return read;
}

const packages: Readonly<Record<string, string>> = {
  '': 'k8s.io.api.core',
  'rbac.authorization.k8s.io': 'k8s.io.api.rbac',
  'apiextensions.k8s.io': 'k8s.io.apiextensions_apiserver.pkg.apis.apiextensions',
};
export const metaPackage = 'k8s.io.apimachinery.pkg.apis.meta.v1';

/** The message of a kind: of its own group, or of those that every group knows (DeleteOptions). */
export function messageOf(apiVersion: string, kind: string): string | undefined {
  const [group = '', version = ''] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  const own = `${packages[group] ?? `k8s.io.api.${group.split('.')[0] ?? ''}`}.${version}.${kind}`;
  const common = `${metaPackage}.${kind}`;
  return own in messages() ? own : common in messages() ? common : undefined;
}
