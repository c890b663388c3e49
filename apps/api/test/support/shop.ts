import { resourcePath } from '@fairlead/kube';
import { type Fairlead, type Session, startFairlead } from './fairlead.js';
import { grantsArrived } from './grants-arrived.js';
import { freshName, registerCluster, removeNamespace, type TestCluster } from './test-cluster.js';

const defaultClass = 'ingressclass.kubernetes.io/is-default-class';

export interface Shop {
  fairlead: Fairlead;
  cluster: TestCluster;
  namespace: string;
  admin: Session;
  /** A deployer of the project `shop`. */
  dev: Session & { id: string };
  /** The body of create, for the shop's own namespace. */
  app(name: string, spec: object): object;
  close(): Promise<void>;
}

/** A Fairlead with the cluster registered as `testbed`, a project `shop` with a namespace of its own, and a deployer whose rights have arrived in the cluster. */
export async function openShop(kubeconfigPath: string, env: Record<string, string> = {}, log?: (line: string) => void): Promise<Shop> {
  const namespace = freshName('apps');
  const fairlead = await startFairlead({ env, ...(log && { log }) });
  const admin = await fairlead.admin();
  const cluster = await registerCluster(fairlead, kubeconfigPath);
  await admin.post('/projects', { name: 'shop', namespaces: [{ cluster: 'testbed', namespace, create: true }] }).expect(201);
  await ensureIngressClass(cluster);
  const dev = await fairlead.person('dev');
  await admin.post('/projects/shop/grants', { principal: 'dev', role: 'deployer' }).expect(201);
  await grantsArrived(admin, 'shop', 15_000);
  return {
    fairlead,
    cluster,
    namespace,
    admin,
    dev,
    app: (name, spec) => ({ name, cluster: 'testbed', namespace, spec }),
    close: async () => {
      await removeNamespace(cluster, namespace);
      await fairlead.close();
    },
  };
}

/** A default class, where the cluster has none: without one every route is warned of. Stays, for other tests use it at the same time. */
async function ensureIngressClass({ admin }: TestCluster): Promise<void> {
  const path = resourcePath({ group: 'networking.k8s.io', version: 'v1', resource: 'ingressclasses' });
  const { items } = await admin.list(path);
  if (items.some(({ metadata }) => metadata.annotations?.[defaultClass] === 'true')) return;
  const metadata = { name: 'fairlead-test', annotations: { [defaultClass]: 'true' } };
  await admin
    .create(path, { apiVersion: 'networking.k8s.io/v1', kind: 'IngressClass', metadata, spec: { controller: 'example.com/none' } })
    .catch(() => {}); // somebody was faster
}
