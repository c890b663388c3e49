import { isRecord, type KubeObject } from '@fairlead/kube';
import type { NetworkPeer, ReachRule } from '@fairlead/shared';
import { projectIdLabel } from '../../clusters/index.js';
import { labels } from '../render/identity.js';

/** From where a policy is read: the same selector means another thing in another namespace. */
export interface Reader {
  namespace: string;
  projectId: string;
  /** Namespaces of ingress controllers that were seen. */
  controllers: ReadonlySet<string>;
}

export type Direction = 'Ingress' | 'Egress';

const namespaceName = 'kubernetes.io/metadata.name';

/** Does the policy speak about this direction? As the API server fills in what is left out. */
export function speaksOf({ spec }: KubeObject, direction: Direction): boolean {
  if (!isRecord(spec)) return false;
  if (Array.isArray(spec.policyTypes) && spec.policyTypes.length > 0) return spec.policyTypes.includes(direction);
  return direction === 'Ingress' || listOf(spec.egress).length > 0;
}

/** What a policy lets through in one direction, one line for each peer. Pure; what it cannot read it names by its labels. */
export function readRules(policy: KubeObject, direction: Direction, reader: Reader): ReachRule[] {
  if (!speaksOf(policy, direction) || !isRecord(policy.spec)) return [];
  const [rules, side] = direction === 'Ingress' ? [policy.spec.ingress, 'from'] : [policy.spec.egress, 'to'];
  return listOf(rules).flatMap((rule) => {
    const ports = listOf(rule.ports).map(portWords);
    const peers = listOf(rule[side]);
    const read = peers.length === 0 ? [everybody] : peers.map((peer) => readPeer(peer, reader));
    return read.map((each) => ({ ...each, ports, policy: policy.metadata.name }));
  });
}

type Read = Pick<ReachRule, 'who' | 'kind' | 'peer'>;
const everybody: Read = { who: 'anywhere', kind: 'anywhere', peer: 'anywhere' };

function readPeer({ ipBlock, namespaceSelector, podSelector }: Record<string, unknown>, reader: Reader): Read {
  if (isRecord(ipBlock)) return readAddresses(ipBlock);
  const place = namespaceSelector === undefined ? null : readNamespaces(namespaceSelector, reader);
  const pods = podSelector === undefined || (place && isEmpty(podSelector)) ? null : podSelector;
  if (pods === null) return place ?? everybody;
  if (isEmpty(pods)) return ofOwnNamespace;
  const app = onlyLabel(pods, labels.app);
  const where = place && `${place.kind === 'project' ? 'in this project' : `in ${place.who.replace(/^every pod of /, '')}`}`;
  const who = [app === null ? `pods with ${selectorWords(pods)}` : `app ${app}`, where].filter(Boolean).join(' ');
  if (app === null) return { who, kind: 'pods', peer: null };
  const namespace = place?.peer && typeof place.peer === 'object' && 'namespace' in place.peer ? place.peer.namespace : undefined;
  return { who, kind: 'app', peer: place === null ? { app } : namespace === undefined ? null : { app, namespace } };
}

const ofOwnNamespace: Read = { who: 'every pod of this namespace', kind: 'namespace', peer: 'namespace' };

function readNamespaces(selector: unknown, { namespace, projectId, controllers }: Reader): Read {
  if (isEmpty(selector)) return { who: 'every pod of the cluster', kind: 'other-namespace', peer: null };
  const project = onlyLabel(selector, projectIdLabel);
  if (project === projectId) return { who: 'apps of this project', kind: 'project', peer: 'project' };
  if (project !== null) return { who: 'apps of another project', kind: 'other-namespace', peer: matchLabels(selector) };
  const name = onlyLabel(selector, namespaceName);
  if (name === namespace) return { ...ofOwnNamespace, peer: { namespace: name } };
  if (name === null) return { who: `namespaces with ${selectorWords(selector)}`, kind: 'other-namespace', peer: matchLabels(selector) };
  if (controllers.has(name)) return { who: `the ingress controller in ${name}`, kind: 'ingress-controller', peer: { namespace: name } };
  return { who: `namespace ${name}`, kind: 'other-namespace', peer: { namespace: name } };
}

function readAddresses({ cidr, except }: Record<string, unknown>): Read {
  const range = String(cidr ?? '');
  const without = Array.isArray(except) ? except.map(String) : [];
  const all = range === '0.0.0.0/0' ? 'every IPv4 address' : range === '::/0' ? 'every IPv6 address' : `addresses ${range}`;
  return {
    who: without.length > 0 ? `${all} but ${without.join(', ')}` : all,
    kind: 'addresses',
    peer: { cidr: range, ...(without.length > 0 && { except: without }) },
  };
}

function portWords({ port, endPort, protocol = 'TCP' }: Record<string, unknown>): string {
  if (port === undefined) return `every ${String(protocol)} port`;
  return `${String(port)}${endPort === undefined ? '' : `–${String(endPort)}`}/${String(protocol)}`;
}

/** The value of the one label that a selector asks for; null for any other selector. */
function onlyLabel(selector: unknown, label: string): string | null {
  const wanted = matchLabels(selector)?.namespaceLabels;
  return wanted && Object.keys(wanted).length === 1 ? (wanted[label] ?? null) : null;
}

function matchLabels(selector: unknown): Extract<NetworkPeer, { namespaceLabels: unknown }> | null {
  if (!isRecord(selector) || !isRecord(selector.matchLabels) || listOf(selector.matchExpressions).length > 0) return null;
  return { namespaceLabels: Object.fromEntries(Object.entries(selector.matchLabels).map(([key, value]) => [key, String(value)])) };
}

const isEmpty = (selector: unknown): boolean =>
  isRecord(selector) &&
  (!isRecord(selector.matchLabels) || Object.keys(selector.matchLabels).length === 0) &&
  listOf(selector.matchExpressions).length === 0;

/** "tier=web, env in (a, b)" */
export function selectorWords(selector: unknown): string {
  if (!isRecord(selector)) return 'nothing';
  const equal = isRecord(selector.matchLabels) ? Object.entries(selector.matchLabels).map(([key, value]) => `${key}=${String(value)}`) : [];
  const others = listOf(selector.matchExpressions).map(({ key, operator, values }) => {
    const among = Array.isArray(values) ? values.join(', ') : '';
    if (operator === 'Exists') return `the label ${String(key)}`;
    if (operator === 'DoesNotExist') return `no label ${String(key)}`;
    return `${String(key)} ${operator === 'NotIn' ? 'not in' : 'in'} (${among})`;
  });
  return [...equal, ...others].join(', ') || 'any labels';
}

const listOf = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value.filter(isRecord) : []);
