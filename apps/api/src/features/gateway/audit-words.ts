import type { CanonicalTarget, RequestInfo } from '@fairlead/kube';

const reads = new Set(['get', 'list', 'watch', 'head']);
const streams = new Set(['exec', 'attach', 'portforward']);

/** `kubernetes.<resource>[.<subresource>].<verb>`; exec, attach and portforward without a verb. */
export function actionOf(info: RequestInfo): string {
  if (!info.isResourceRequest) return 'kubernetes.path';
  const parts = ['kubernetes', info.resource, info.subresource, streams.has(info.subresource) ? '' : info.verb];
  return parts.filter((part) => part !== '').join('.');
}

export const resourceOf = ({ resource, subresource, apiGroup }: RequestInfo): string | null => {
  if (resource === '') return null;
  return `${resource}${apiGroup === '' ? '' : `.${apiGroup}`}${subresource === '' ? '' : `/${subresource}`}`;
};

/** Does it change something, or could it (a process, a tunnel)? Then its entry must be durable before the cluster hears of it. */
export const isMutating = (info: RequestInfo): boolean => {
  if (streams.has(info.subresource) || info.subresource === 'proxy') return true;
  if (info.isResourceRequest && info.verb === 'create' && /^selfsubject(access|rules)?reviews$/.test(info.resource)) return false;
  return !reads.has(info.verb);
};

const shown = ['labelSelector', 'fieldSelector', 'container', 'follow', 'dryRun', 'fieldManager', 'force', 'tty', 'stdin'];

/** Of the query only what is listed; of a command only its first word, for the others may be secrets. */
export function summaryOf({ params }: CanonicalTarget): string | null {
  const words = shown.flatMap((key) => {
    const value = params.get(key)?.[0];
    return value === undefined || value === '' ? [] : [`${key}=${value.slice(0, 120)}`];
  });
  const command = params.get('command');
  if (command) words.push(`command=${(command[0] ?? '').slice(0, 60)}${command.length > 1 ? ' …' : ''}`);
  return words.length === 0 ? null : words.join(' ').replace(/[^\x20-\x7e]/g, '?');
}
