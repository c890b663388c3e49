import { z } from 'zod';
import { Id, Name, NamespaceName, Ref, Timestamp } from '../id.js';
import { PageQuery, page, route } from './route.js';

export const ClusterNode = z
  .object({
    name: z.string(),
    ready: z.boolean(),
    cordoned: z.boolean(),
    reason: z.string().nullable().describe('Why it is not ready, or under which pressure it is.'),
    version: z.string(),
    roles: z.array(z.string()),
    cpuCores: z.number().nullable(),
    memoryBytes: z.number().nullable(),
    createdAt: z.string(),
  })
  .meta({ id: 'ClusterNode' });
export type ClusterNode = z.infer<typeof ClusterNode>;

export const Cluster = z
  .object({
    id: Id,
    name: Name,
    /** `connecting` until the first answer after a start of Fairlead. */
    state: z.enum(['connecting', 'ready', 'unreachable', 'refused']),
    since: Timestamp.describe('When the state began.'),
    reason: z.string().nullable().describe('Why it is not ready, in words.'),
    version: z.string().nullable(),
    nodes: z.object({ ready: z.number(), total: z.number() }).nullable(),
    latencyMs: z.number().nullable().describe('Of the last answer to a probe.'),
    lastContactAt: Timestamp.nullable(),
    server: z.string().nullable().describe('Only for those who may manage clusters.'),
    accountsVersion: z.number().nullable(),
    simulated: z.boolean(),
    createdAt: Timestamp,
  })
  .meta({ id: 'Cluster' });
export type Cluster = z.infer<typeof Cluster>;

export const ClusterDetail = Cluster.extend({
  nodeList: z.array(ClusterNode),
  projects: z.array(z.object({ id: Id, name: Name, namespaces: z.array(NamespaceName) })).describe('Those the caller may see.'),
  accounts: z
    .object({
      version: z.number(),
      wanted: z.number(),
      checks: z.array(z.object({ name: z.string(), ok: z.boolean(), message: z.string() })),
    })
    .nullable()
    .describe("Fairlead's own accounts in the cluster and what was last checked of them; only for those who may manage clusters."),
}).meta({ id: 'ClusterDetail' });
export type ClusterDetail = z.infer<typeof ClusterDetail>;

const clusterRef = z.strictObject({ cluster: Ref });

export const listClusters = route({
  method: 'GET',
  path: '/clusters',
  action: 'clusters.list',
  summary: 'The clusters one may see: all for platform admins, else those of the own projects.',
  access: 'signed-in',
  query: PageQuery,
  response: page(Cluster),
});

export const createCluster = route({
  method: 'POST',
  path: '/clusters',
  action: 'clusters.create',
  summary: 'Register a cluster from a kubeconfig, which is used once and not kept.',
  access: { platform: 'clusters.manage' },
  body: z.strictObject({
    name: Name,
    kubeconfig: z.string().min(1).max(262_144),
    context: z.string().max(253).optional(),
  }),
  response: ClusterDetail,
  status: 201,
});

export const getCluster = route({
  method: 'GET',
  path: '/clusters/:cluster',
  action: 'clusters.get',
  summary: 'One cluster with its nodes.',
  access: 'signed-in',
  params: clusterRef,
  response: ClusterDetail,
});

export const deleteCluster = route({
  method: 'DELETE',
  path: '/clusters/:cluster',
  action: 'clusters.delete',
  summary: 'Forget a cluster. Its workloads stay; with `cleanup` what Fairlead made for itself in it is removed.',
  access: { platform: 'clusters.manage' },
  params: clusterRef,
  body: z.strictObject({ confirm: z.string(), cleanup: z.boolean().default(true) }),
});

export const checkCluster = route({
  method: 'POST',
  path: '/clusters/:cluster/check',
  action: 'clusters.check',
  summary: 'Ask the cluster now: reachability, version, accounts and the impersonation canary.',
  access: { platform: 'clusters.manage' },
  params: clusterRef,
  response: ClusterDetail,
});

export const createKubeconfig = route({
  method: 'POST',
  path: '/clusters/:cluster/kubeconfig',
  action: 'clusters.kubeconfig',
  summary: 'A kubeconfig for this cluster through Fairlead, with a new token narrowed to it.',
  access: 'signed-in',
  params: clusterRef,
  body: z.strictObject({ expiresInHours: z.number().int().min(1).max(720).default(8) }),
  produces: 'application/yaml',
});
