import { z } from 'zod';
import { Ref } from '../id.js';
import { NetworkPeer } from './app-network-rules.js';
import { route } from './route.js';

/** One address behind a Service of an app, as its EndpointSlices have it. */
export const AppEndpoint = z
  .object({
    key: z.string().describe('Service, address and pod: unique within the app.'),
    service: z.string(),
    address: z.string(),
    ports: z.array(z.string()).describe('"http 8080/TCP"'),
    pod: z.string().nullable(),
    node: z.string().nullable(),
    zone: z.string().nullable(),
    ready: z.boolean().describe('New connections come here.'),
    serving: z.boolean().describe('It answers, whether it is ending or not.'),
    terminating: z.boolean(),
    why: z.string().nullable().describe('Why it is not ready, in words; null where it is.'),
    forZones: z.array(z.string()).describe('Zones whose clients are sent here; empty: no hint.'),
  })
  .meta({ id: 'AppEndpoint' });
export type AppEndpoint = z.infer<typeof AppEndpoint>;

const DnsName = z.object({
  name: z.string(),
  kind: z.enum(['short', 'namespace', 'service', 'full', 'srv', 'pod']),
  words: z.string().describe('From where it works, or what it answers.'),
});

const AppService = z.object({
  name: z.string(),
  type: z.string().describe('ClusterIP, NodePort, LoadBalancer or ExternalName.'),
  headless: z.boolean(),
  clusterIPs: z.array(z.string()),
  externalAddresses: z.array(z.string()),
  ports: z.array(
    z.object({
      name: z.string().nullable(),
      port: z.number(),
      protocol: z.string(),
      target: z.string(),
      nodePort: z.number().nullable(),
    }),
  ),
  names: z.array(DnsName),
  empty: z.string().nullable().describe('Why nothing is behind it; null where something is.'),
  spread: z.array(z.string()).describe('How connections are spread over the endpoints, in sentences.'),
});

const AppRoute = z.object({
  ingress: z.string(),
  ofApp: z.boolean().describe('false: an Ingress of the namespace that leads here and that this app did not make.'),
  host: z.string().describe('"*": every host.'),
  path: z.string(),
  pathType: z.string(),
  service: z.string(),
  port: z.string(),
  class: z.string().nullable(),
  tlsSecret: z.string().nullable().describe("Empty: TLS with the controller's own certificate. null: no TLS."),
  addresses: z.array(z.string()),
});

/** One line of a policy, in words and, where it is one that Fairlead could have written, as the rule. */
const ReachRule = z.object({
  who: z.string().describe('"apps of this project"'),
  kind: z.enum(['anywhere', 'project', 'namespace', 'app', 'ingress-controller', 'other-namespace', 'pods', 'addresses']),
  ports: z.array(z.string()).describe('"80/TCP"; empty: every port.'),
  policy: z.string().describe('The NetworkPolicy that says so.'),
  peer: NetworkPeer.nullable(),
});
export type ReachRule = z.infer<typeof ReachRule>;

const Reach = z.object({
  state: z
    .enum(['open', 'limited', 'closed'])
    .describe('open: no policy selects the pods in this direction. closed: one does, and lets nobody.'),
  words: z.string(),
  rules: z.array(ReachRule),
});
export type Reach = z.infer<typeof Reach>;

export const NamespacePolicy = z.object({
  name: z.string(),
  ofApp: z.boolean(),
  manager: z.string().nullable().describe('Who keeps it: Fairlead and for which app, a Helm release, the field manager that wrote it.'),
  selectsApp: z.boolean(),
  words: z.array(z.string()),
});
export type NamespacePolicy = z.infer<typeof NamespacePolicy>;

export const AppNetwork = z
  .object({
    clusterDomain: z.object({ name: z.string(), seen: z.boolean().describe("false: assumed, the cluster's name server did not show it.") }),
    services: z.array(AppService),
    endpoints: z.array(AppEndpoint),
    routes: z.array(AppRoute),
    controllers: z
      .array(z.object({ namespace: z.string(), name: z.string(), seenBy: z.string() }))
      .describe('Ingress controllers that could be seen: where the traffic of routes comes from.'),
    ingress: Reach,
    egress: Reach,
    policies: z.array(NamespacePolicy).describe("Every NetworkPolicy of the namespace, the app's own first."),
    caveats: z.array(z.string()),
  })
  .meta({ id: 'AppNetwork' });
export type AppNetwork = z.infer<typeof AppNetwork>;

export const getAppNetwork = route({
  method: 'GET',
  path: '/projects/:project/apps/:app/network',
  action: 'apps.network.get',
  summary:
    'How an app is found and who may reach it: names, addresses, endpoints, routes and network policies, as the cluster has them now.',
  access: { project: 'apps.read' },
  params: z.strictObject({ project: Ref, app: Ref }),
  query: z.strictObject({ cluster: Ref.optional(), namespace: z.string().max(63).optional() }),
  response: AppNetwork,
});
