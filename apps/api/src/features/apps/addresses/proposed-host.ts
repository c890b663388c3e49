import { isIPv4 } from 'node:net';
import type { ProposedAddress } from '@fairlead/shared';

/** What is known of a cluster's routes when a name is looked for. */
export interface RouteFacts {
  /** Hosts that the project's own routes have on this cluster. */
  ownHosts: readonly string[];
  /** Every host of the cluster. */
  taken: ReadonlySet<string>;
  /** Where the cluster's routes answer: from the status of Ingresses, then of load balancers on port 80. */
  addresses: readonly string[];
  /** The cluster's API answers on this machine itself. */
  onThisMachine: boolean;
  /** null: not known. */
  classes: readonly { name: string; isDefault: boolean }[] | null;
}

interface Domain {
  domain: string;
  why: string;
}

/** The names of a project stay together; else a name that needs no one to set it up. Pure. */
export function proposedHost(name: string, project: string, facts: RouteFacts): ProposedAddress {
  const { classes } = facts;
  if (classes?.length === 0)
    return { host: null, why: 'The cluster has no ingress class: nothing there would serve a route.', ingressClass: null };
  const ingressClass = classes === null || classes.some(({ isDefault }) => isDefault) ? null : (classes[0]?.name ?? null);
  const found = commonDomain(facts.ownHosts) ?? ownNameOf(project, facts);
  if (!found) return { host: null, why: 'No name is known that leads to this cluster: type one that does.', ingressClass };
  const host = freeHost(name, found.domain, facts.taken);
  return host === null
    ? { host, why: `No name under ${found.domain} is free and short enough: type one.`, ingressClass }
    : { host, why: found.why, ingressClass };
}

/** The domain that most of the project's hosts have. One that is a public suffix by itself (`com`) is none. */
function commonDomain(hosts: readonly string[]): Domain | null {
  const counts = new Map<string, number>();
  for (const host of hosts) {
    const [first, ...rest] = host.split('.');
    if (first === '*' || rest.length < 2) continue;
    counts.set(rest.join('.'), (counts.get(rest.join('.')) ?? 0) + 1);
  }
  const [best] = [...counts].sort(([a, many], [b, few]) => few - many || (a < b ? -1 : 1));
  return best ? { domain: best[0], why: `Beside the other routes of the project under ${best[0]}.` } : null;
}

function ownNameOf(project: string, { addresses, onThisMachine }: RouteFacts): Domain | null {
  const address = addresses.find(isIPv4);
  if (address ? address.startsWith('127.') : onThisMachine)
    return { domain: `${project}.localhost`, why: 'The cluster answers on this machine, and so do names under localhost.' };
  if (!address) return null;
  return {
    domain: `${project}.${address.replaceAll('.', '-')}.sslip.io`,
    why: `Leads to ${address}, where the cluster's routes answer: sslip.io reads the address in the name.`,
  };
}

const maxHost = 253;

function freeHost(name: string, domain: string, taken: ReadonlySet<string>): string | null {
  for (let number = 1; number < 100; number++) {
    const host = `${number === 1 ? name : `${name}-${number}`}.${domain}`;
    if (host.length > maxHost) return null;
    if (!taken.has(host)) return host;
  }
  return null;
}
