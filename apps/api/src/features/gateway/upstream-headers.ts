import { impersonationHeaders } from '@fairlead/kube';
import { InvariantError } from '../../platform/app-error.js';
import { impersonationOf } from '../access/index.js';
import type { Caller } from '../auth/index.js';
import type { ClientHeaders } from './client-headers.js';

interface Sent {
  client: Pick<ClientHeaders, 'pairs'>;
  caller: Caller;
  host: string;
  authorization: string;
  auditId: string;
  sourceAddress: string;
  /** The protocol to switch to. */
  upgrade?: string | undefined;
}

/** Headers for the cluster, built from nothing: what is copied, whom it acts as, who we are, and our id. A flat list of names and values, repeats kept. */
export function upstreamHeaders({ client, caller, host, authorization, auditId, sourceAddress, upgrade }: Sent): string[] {
  const headers = ['host', host];
  for (const [name, value] of client.pairs) headers.push(name, value);
  headers.push(...identityOf(caller), 'authorization', authorization, 'audit-id', auditId, 'x-forwarded-for', sourceAddress);
  if (upgrade !== undefined) headers.push('connection', 'Upgrade', 'upgrade', upgrade);
  assertIdentity(headers, caller);
  return headers;
}

const identities = new WeakMap<Caller, readonly string[]>();

function identityOf(caller: Caller): readonly string[] {
  let identity = identities.get(caller);
  if (!identity) {
    identity = impersonationHeaders(impersonationOf(caller)).flat();
    identities.set(caller, identity);
  }
  return identity;
}

/** Impersonation that is lost or doubled on the way out would run as somebody else: better not at all. */
function assertIdentity(headers: readonly string[], caller: Caller): void {
  let [users, groups, others, authorizations] = [0, 0, 0, 0];
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] ?? '';
    const value = headers[i + 1] ?? '';
    if (name === 'impersonate-user' && value.startsWith('system:serviceaccount:fairlead-people:') && value.endsWith(caller.id)) users++;
    else if (name === 'impersonate-group' && value === 'system:authenticated') groups++;
    else if (name === 'impersonate-extra-fairlead.dev%2ftoken' && value === caller.credential.id) continue;
    else if (name.startsWith('impersonate-')) others++;
    else if (name === 'authorization') authorizations++;
  }
  if (users !== 1 || groups !== 1 || others !== 0 || authorizations !== 1)
    throw new InvariantError('the identity of an upstream request is not exactly the one that was computed');
}
