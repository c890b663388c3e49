import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { KubeClient, type KubeObject, resourcePath } from '@fairlead/kube';
import { KubeConfig } from '@kubernetes/client-node';
import type { Fairlead } from './fairlead.js';

export const alphaKubeconfig = process.env.FAIRLEAD_TEST_KUBECONFIG;
export const nodeKubeconfig = process.env.FAIRLEAD_TEST_KUBECONFIG_NODE;

export interface TestCluster {
  name: string;
  id: string;
  /** As the cluster's administrator, to look behind Fairlead's back. */
  admin: KubeClient;
}

/** Registers the kubeconfig's cluster. */
export async function registerCluster(fairlead: Fairlead, kubeconfigPath: string, name = 'testbed'): Promise<TestCluster> {
  const kubeconfig = await readFile(kubeconfigPath, 'utf8');
  const admin = await fairlead.admin();
  const made = await admin.post('/clusters', { name, kubeconfig }).expect(201);
  return { name, id: (made.body as { id: string }).id, admin: adminClient(kubeconfig) };
}

function adminClient(kubeconfig: string): KubeClient {
  const config = new KubeConfig();
  config.loadFromString(kubeconfig);
  const cluster = config.getCurrentCluster();
  const user = config.getCurrentUser();
  const decode = (data: string | undefined) => (data ? Buffer.from(data, 'base64').toString() : undefined);
  return new KubeClient({
    server: cluster?.server ?? '',
    ca: decode(cluster?.caData) ?? '',
    auth: { clientCertificate: decode(user?.certData) ?? '', clientKey: decode(user?.keyData) ?? '' },
  });
}

export const freshName = (prefix: string): string => `${prefix}-${randomBytes(4).toString('hex')}`;

export const removeNamespace = (cluster: TestCluster, name: string): Promise<unknown> =>
  cluster.admin.remove(resourcePath({ group: '', version: 'v1', resource: 'namespaces', name })).catch(() => null);

/** Is it the sandbox? It pretends its containers, and has no registry that a test could script. */
export async function isSimulated({ admin }: TestCluster): Promise<boolean> {
  const { gitVersion } = await admin.get<KubeObject & { gitVersion?: string }>('/version');
  return gitVersion?.includes('sandbox') ?? false;
}

/** Part of a spec whose web server takes so long to listen: the testbed's image has its server as `web`, the sandbox a scene for it. */
export function startsAfter(seconds: number, simulated: boolean): object {
  if (!simulated) return { command: ['sh', '-c', `sleep ${seconds}; exec web`] };
  const annotations = { 'sandbox.fairlead.dev/scene': `slow-start for=${seconds}s` };
  return { overlay: { Deployment: { spec: { template: { metadata: { annotations } } } } } };
}
