import type { NetworkPeer, NetworkRules } from '@fairlead/shared';

// Rules as they are typed: every field is text until they are sent.

export const peerKinds = ['project', 'namespace', 'app', 'other-namespace', 'labels', 'cidr', 'anywhere'] as const;
export type PeerKind = (typeof peerKinds)[number];

export interface RuleDraft {
  key: number;
  kind: PeerKind;
  /** The app, namespace, labels or range. */
  value: string;
  /** Of an app its namespace, of a range what is left out. */
  more: string;
  ports: string;
}

/** null: the direction has no rules, and everything goes. */
export interface RulesDraft {
  ingress: RuleDraft[] | null;
  egress: RuleDraft[] | null;
}

export const newRule = (key: number, given: Partial<RuleDraft> = {}): RuleDraft => ({
  key,
  kind: 'project',
  value: '',
  more: '',
  ports: '',
  ...given,
});

export function draftOf(rules: NetworkRules | undefined): RulesDraft {
  return {
    ingress: rules?.ingress?.map(({ from, ports }, key) => newRule(key, { ...peerDraft(from), ports: portsText(ports) })) ?? null,
    egress: rules?.egress?.map(({ to, ports }, key) => newRule(key, { ...peerDraft(to), ports: portsText(ports) })) ?? null,
  };
}

function peerDraft(peer: NetworkPeer): Pick<RuleDraft, 'kind'> & Partial<RuleDraft> {
  if (typeof peer === 'string') return { kind: peer };
  if ('app' in peer) return { kind: 'app', value: peer.app, more: peer.namespace ?? '' };
  if ('cidr' in peer) return { kind: 'cidr', value: peer.cidr, more: peer.except?.join(', ') ?? '' };
  if ('namespaceLabels' in peer) {
    const labels = Object.entries(peer.namespaceLabels).map(([key, value]) => `${key}=${value}`);
    return { kind: 'labels', value: labels.join(', ') };
  }
  return { kind: 'other-namespace', value: peer.namespace };
}

type Ports = { port: number | string; protocol?: 'TCP' | 'UDP' | 'SCTP' }[];

const portsText = (ports: Ports | undefined): string =>
  (ports ?? []).map(({ port, protocol = 'TCP' }) => (protocol === 'TCP' ? String(port) : `${port}/${protocol}`)).join(', ');

/** What is still missing of one rule, in words; null when it can be sent. */
export function lackOf({ kind, value, ports }: RuleDraft): string | null {
  const given = value.trim() !== '';
  if (kind === 'app' && !given) return 'Name the app';
  if (kind === 'other-namespace' && !given) return 'Name the namespace';
  if (kind === 'labels' && !Object.keys(labelsIn(value)).length) return 'Give a label like team=web';
  if (kind === 'cidr' && !given) return 'Give a range like 10.0.0.0/8';
  return portsIn(ports) === null ? 'Ports are numbers or names, like 80, http, 53/UDP' : null;
}

export const isComplete = ({ ingress, egress }: RulesDraft): boolean =>
  [...(ingress ?? []), ...(egress ?? [])].every((rule) => lackOf(rule) === null);

/** As a merge patch of the spec's `network`: a direction without rules is taken away, and all of it where both are. */
export function patchOf({ ingress, egress }: RulesDraft): { ingress: unknown[] | null; egress: unknown[] | null } | null {
  if (ingress === null && egress === null) return null;
  return {
    ingress: ingress?.map((rule) => ({ from: peerOf(rule), ...portsOf(rule) })) ?? null,
    egress: egress?.map((rule) => ({ to: peerOf(rule), ...portsOf(rule) })) ?? null,
  };
}

function peerOf({ kind, value, more }: RuleDraft): NetworkPeer {
  const [first, second] = [value.trim(), more.trim()];
  switch (kind) {
    case 'app':
      return { app: first, ...(second && { namespace: second }) };
    case 'other-namespace':
      return { namespace: first };
    case 'labels':
      return { namespaceLabels: labelsIn(first) };
    case 'cidr':
      return { cidr: first, ...(second && { except: listIn(second) }) };
    default:
      return kind;
  }
}

function portsOf({ ports }: RuleDraft): { ports?: Ports } {
  const found = portsIn(ports) ?? [];
  return found.length > 0 ? { ports: found } : {};
}

function portsIn(text: string): Ports | null {
  const found: Ports = [];
  for (const each of listIn(text)) {
    const [, port = '', protocol = 'TCP'] = /^([a-z0-9-]+)(?:\/(tcp|udp|sctp))?$/i.exec(each) ?? [];
    if (port === '') return null;
    const number = /^\d+$/.test(port) ? Number(port) : null;
    if (number !== null && (number < 1 || number > 65_535)) return null;
    found.push({ port: number ?? port.toLowerCase(), protocol: protocol.toUpperCase() as 'TCP' | 'UDP' | 'SCTP' });
  }
  return found;
}

function labelsIn(text: string): Record<string, string> {
  const pairs = listIn(text).map((each) => each.split('=', 2) as [string, string | undefined]);
  return Object.fromEntries(pairs.flatMap(([key, value]) => (value === undefined || key === '' ? [] : [[key, value]])));
}

const listIn = (text: string): string[] => text.split(/[\s,]+/).filter(Boolean);
