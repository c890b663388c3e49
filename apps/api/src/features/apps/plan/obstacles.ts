import { KubeError } from '@fairlead/kube';
import type { Obstacle } from '@fairlead/shared';

/** What an API server's refusal of one object means for a person: one line for each cause, with the field it names. */
export function obstaclesOf(title: string, error: KubeError): Obstacle[] {
  const blocks = (reason: string, field: string | null = null): Obstacle => ({ object: title, field, reason, severity: 'blocks' });
  const { message, details } = error.status;
  const causes = (details?.causes ?? []).filter((cause) => cause.message);
  switch (error.reason) {
    case 'Forbidden':
      return [blocks(forbiddenReason(message))];
    case 'NotFound':
      if (details?.kind === 'namespaces' || /namespaces "[^"]+" not found/.test(message))
        return [blocks(`the namespace ${details?.name ?? ''} is not there`)];
      return [blocks(message || 'not found')];
    case 'Invalid':
      if (causes.length > 0) return causes.map((cause) => blocks(immutable(cause.message ?? ''), cause.field ?? null));
      return [blocks(message)];
    case 'Conflict':
      if (causes.length > 0) return causes.map((cause) => blocks(cause.message ?? message, cause.field ?? null));
      return [blocks(message)];
    case 'BadRequest':
      return [blocks(unknownField(message), fieldIn(message))];
    default:
      return message.startsWith('failed to create typed patch object')
        ? [blocks(unknownField(message), fieldIn(message))]
        : [blocks(message || error.reason)];
  }
}

/** Is this the cluster's word about the object, rather than trouble of its own? Apply calls a field that it does not know an internal error. */
export const isVerdict = (error: unknown): error is KubeError =>
  error instanceof KubeError &&
  ((error.code < 500 && error.code !== 429) || error.message.startsWith('failed to create typed patch object'));

/** Is this the cluster's role check, rather than an admission that looked at the object? */
export const isRbacRefusal = (error: unknown): boolean =>
  error instanceof KubeError && error.reason === 'Forbidden' && /^\S+ (".*" )?is forbidden: User "/.test(error.status.message);

function forbiddenReason(message: string): string {
  const rbac = /User "[^"]*" cannot (\S+) resource "([^"]+)"/.exec(message);
  if (rbac) return `your role does not allow to ${rbac[1]} ${rbac[2]} in this namespace`;
  const security = /violates PodSecurity "([^"]+)": (.*)$/s.exec(message);
  if (security) return `its pods break the Pod Security level ${security[1]}: ${security[2]}`;
  const quota = /exceeded quota: (.*)$/s.exec(message);
  if (quota) return `it exceeds the quota ${quota[1]}`;
  return message.replace(/^\S+ "[^"]*" is forbidden: /, '');
}

const immutable = (message: string): string =>
  /field is immutable/.test(message) ? 'cannot be changed while the object lives: delete the app, or give it another name' : message;

const unknownField = (message: string): string =>
  message.replace(/^.*?strict decoding error: /s, '').replace(/^failed to create typed patch object \([^)]*\): /, '');
const fieldIn = (message: string): string | null =>
  /(?:unknown field "|^|\s)(\.?(?:spec|metadata|data)[\w.[\]]*)/.exec(message)?.[1]?.replace(/^\./, '') ?? null;
