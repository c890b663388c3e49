import { readFileSync } from 'node:fs';
import { KubeClient, type KubeObject, parseKubeconfig, resourcePath } from '@fairlead/kube';

export const alphaKubeconfig = process.env.FAIRLEAD_TEST_KUBECONFIG;

/** The administrator of a test cluster, beside Fairlead: what they see and do there is the truth that tests compare with. */
export function administrator(path: string): { client: KubeClient; kubeconfig: string; server: string; ca: string } {
  const kubeconfig = readFileSync(path, 'utf8');
  const { server, ca, auth } = parseKubeconfig(kubeconfig);
  return { client: new KubeClient({ server, auth, ca: ca! }), kubeconfig, server, ca: ca! };
}

export const core = (resource: string, namespace?: string, name?: string, subresource?: string): string =>
  resourcePath({ group: '', version: 'v1', resource, ...defined({ namespace, name, subresource }) });
export const rbac = (resource: string, namespace?: string, name?: string): string =>
  resourcePath({ group: 'rbac.authorization.k8s.io', version: 'v1', resource, ...defined({ namespace, name }) });

const defined = (parts: Record<string, string | undefined>) =>
  Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));

/** A token of a ServiceAccount, by the administrator's right to make one. */
export async function tokenOf(admin: KubeClient, namespace: string, account: string): Promise<string> {
  const path = core('serviceaccounts', namespace, account, 'token');
  const answer = await admin.create<KubeObject & { status: { token: string } }>(path, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: {},
  });
  return answer.status.token;
}

export function kubeconfigOf({ server, ca, token }: { server: string; ca: string; token: string }): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'c', cluster: { server, 'certificate-authority-data': Buffer.from(ca).toString('base64') } }],
    users: [{ name: 'u', user: { token } }],
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'c',
  });
}

/** Asks until the answer is as wanted; the last answer is in the error. */
export async function until<T>(withinMs: number, ask: () => Promise<T> | T, wanted: (answer: T) => boolean): Promise<T> {
  const end = Date.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (wanted(answer)) return answer;
    if (Date.now() > end) throw new Error(`not within ${withinMs} ms; last: ${JSON.stringify(answer)?.slice(0, 2000)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
