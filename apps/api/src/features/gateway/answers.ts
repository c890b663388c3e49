import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { type Status, status } from '@fairlead/kube';
import type { KubernetesAttributes, KubernetesDecision } from '../access/index.js';
import type { Caller } from '../auth/index.js';

/** Answers with a Kubernetes Status, as kubectl reads it. Nothing happens when an answer has already begun; it is then cut off. */
export function sendStatus(res: ServerResponse, body: Status, auditId: string | null, method = 'GET'): void {
  if (res.headersSent || res.destroyed) {
    res.destroy();
    return;
  }
  const text = JSON.stringify(body);
  const headers: Record<string, string | number> = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  };
  if (auditId) headers['audit-id'] = auditId;
  if (body.code === 401) headers['www-authenticate'] = 'Bearer';
  if (body.details?.retryAfterSeconds !== undefined) headers['retry-after'] = body.details.retryAfterSeconds;
  res.writeHead(body.code, headers).end(method === 'HEAD' ? undefined : text);
}

/** A response on the socket of an upgrade that does not happen. The connection ends with it: what follows on it is never read as HTTP. */
export function responseOn(req: IncomingMessage, socket: Duplex): ServerResponse {
  const res = new ServerResponse(req);
  res.shouldKeepAlive = false;
  res.assignSocket(socket as Parameters<ServerResponse['assignSocket']>[0]);
  res.once('finish', () => {
    socket.end(() => socket.destroy());
  });
  return res;
}

/** The Status of a refusal: what was asked, what was lacked, and who can give it. The same facts stand as causes, for programs. */
export function refusal(
  caller: Caller,
  asked: KubernetesAttributes,
  decision: Extract<KubernetesDecision, { allowed: false }>,
  askFor: readonly string[],
): Status {
  const what = asked.isResourceRequest ? resourceWords(asked) : `get path "${asked.path}"`;
  const kind = asked.apiGroup === '' ? asked.resource : `${asked.resource}.${asked.apiGroup}`;
  const subject = asked.isResourceRequest ? `${kind}${asked.name === '' ? '' : ` "${asked.name}"`} is forbidden: ` : 'forbidden: ';
  const ask = askFor.length > 0 && decision.needs !== null ? `; ${askFor.join(', ')} can give it` : '';
  const causes = [
    { reason: 'FairleadReceipt', field: 'needs', message: decision.needs ?? '' },
    { reason: 'FairleadReceipt', field: 'has', message: decision.has ?? '' },
    { reason: 'FairleadReceipt', field: 'askFor', message: askFor.join(',') },
  ];
  const details = { ...(asked.name === '' ? {} : { name: asked.name }), group: asked.apiGroup, kind: asked.resource, causes };
  return status(403, 'Forbidden', `${subject}User "${caller.name}" cannot ${what}: ${decision.because}${ask}`, details);
}

function resourceWords({ verb, resource, subresource, apiGroup, namespace }: KubernetesAttributes): string {
  const whole = subresource === '' ? resource : `${resource}/${subresource}`;
  const where = namespace === '' ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  return `${verb === '' ? 'use an unknown verb on' : verb} resource "${whole}" in API group "${apiGroup}" ${where}`;
}
