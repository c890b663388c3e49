import type { Manifest } from '@fairlead/kube';
import type { ImageSpec, NetworkPeer, NetworkRules } from '@fairlead/shared';
import { projectIdLabel } from '../../clusters/index.js';
import { labels } from './identity.js';
import type { Frame } from './image-app.js';

/** Every namespace has it with its own name; the API server sees to that. */
const namespaceName = 'kubernetes.io/metadata.name';

/**
 * One NetworkPolicy for the rules of an app. It hangs on them and on nothing else of the spec: another port, image or size never touches it, so that
 * who may not set rules can go on changing the app.
 */
export function networkPolicy({ meta, selector }: Frame, project: { id: string }, { network }: ImageSpec): Manifest | null {
  if (!network) return null;
  const { ingress, egress } = network;
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: meta,
    spec: {
      podSelector: { matchLabels: selector },
      policyTypes: [...(ingress ? ['Ingress'] : []), ...(egress ? ['Egress'] : [])],
      ...(ingress && ingress.length > 0 && { ingress: ingress.map(({ from, ports }) => rule('from', from, ports, project)) }),
      ...(egress && { egress: [askingNames, ...egress.map(({ to, ports }) => rule('to', to, ports, project))] }),
    },
  };
}

/** Whoever may speak to somebody must find them: names are always asked, of pods of the cluster. */
const askingNames = {
  to: [{ namespaceSelector: {} }],
  ports: [
    { port: 53, protocol: 'UDP' },
    { port: 53, protocol: 'TCP' },
  ],
};

function rule(side: 'from' | 'to', peer: NetworkPeer, ports: Ports, project: { id: string }): Record<string, unknown> {
  return {
    ...(peer !== 'anywhere' && { [side]: [selecting(peer, project)] }),
    ...(ports && { ports: ports.map(({ port, protocol }) => ({ port, protocol })) }),
  };
}

type Ports = NonNullable<NetworkRules['ingress']>[number]['ports'];

function selecting(peer: Exclude<NetworkPeer, 'anywhere'>, project: { id: string }): Record<string, unknown> {
  if (peer === 'project') return { namespaceSelector: { matchLabels: { [projectIdLabel]: project.id } } };
  if (peer === 'namespace') return { podSelector: {} };
  if ('cidr' in peer) return { ipBlock: { cidr: peer.cidr, ...(peer.except?.length && { except: peer.except }) } };
  if ('namespaceLabels' in peer) return { namespaceSelector: { matchLabels: peer.namespaceLabels } };
  const place = peer.namespace === undefined ? {} : { namespaceSelector: { matchLabels: { [namespaceName]: peer.namespace } } };
  return 'app' in peer ? { ...place, podSelector: { matchLabels: { [labels.app]: peer.app } } } : place;
}
