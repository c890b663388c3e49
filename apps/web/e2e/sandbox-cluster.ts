import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import type { Page } from '@playwright/test';
import { expect, signIn, test } from './fixtures';

/** The kubeconfig of a simulated cluster for this run; undefined: there is none, and what needs one is skipped. */
const sandboxKubeconfig = process.env.E2E_SANDBOX_KUBECONFIG;

/** A call as the page would make it: with its session and its origin. */
export async function ask(page: Page, method: 'post' | 'delete' | 'get', path: string, data?: unknown) {
  const answer = await page.request[method](`/api/v1${path}`, { data, headers: { origin: new URL(page.url()).origin }, timeout: 60_000 });
  expect(answer.ok(), `${method} ${path}: ${answer.status()} ${await answer.text()}`).toBe(true);
  return answer.status() === 204 ? null : answer.json();
}

/** For the tests of one group: the sandbox as a cluster and a project on it, filled by `fill`; all of it goes after them. */
export function onSandbox(name: string, fill: (page: Page) => Promise<unknown> = async () => {}): void {
  test.skip(!sandboxKubeconfig, 'needs E2E_SANDBOX_KUBECONFIG');
  test.beforeAll(async ({ browser }) => {
    test.setTimeout(120_000);
    const page = await browser.newPage();
    await signIn(page);
    await openProject(page, name);
    await fill(page);
    await page.close();
  });
  test.afterAll(async ({ browser }) => {
    test.setTimeout(120_000);
    const page = await browser.newPage();
    await signIn(page);
    await closeProject(page, name);
    await page.close();
  });
}

/** The sandbox as a cluster, and a project with a namespace of its own on it; all three are called `name`. */
async function openProject(page: Page, name: string): Promise<void> {
  await ask(page, 'post', '/clusters', { name, kubeconfig: readFileSync(sandboxKubeconfig ?? '', 'utf8') });
  await ask(page, 'post', '/projects', { name, namespaces: [{ cluster: name, namespace: name, create: true }] });
}

/** Its apps, itself, its namespace and the cluster go again. */
async function closeProject(page: Page, name: string): Promise<void> {
  const apps = async () => ((await ask(page, 'get', `/projects/${name}/apps`)) as { items: { id: string; name: string }[] }).items;
  for (const app of await apps()) await ask(page, 'delete', `/projects/${name}/apps/${app.id}`, { confirm: app.name });
  await expect.poll(async () => (await apps()).length, { timeout: 60_000 }).toBe(0);
  await ask(page, 'delete', `/projects/${name}`, { confirm: name, deleteNamespaces: [{ cluster: name, namespace: name }] });
  await ask(page, 'delete', `/clusters/${name}`, { confirm: name, cleanup: true });
}

interface Kubeconfig {
  clusters: { cluster: { server: string; 'certificate-authority-data': string } }[];
  users: { user: { 'client-certificate-data': string; 'client-key-data': string } }[];
}

/** One call to the cluster itself, past Fairlead, as its administrator. */
export async function inCluster(method: 'GET' | 'POST' | 'PATCH', path: string, body?: object): Promise<unknown> {
  const config = JSON.parse(readFileSync(sandboxKubeconfig ?? '', 'utf8')) as Kubeconfig;
  const [cluster, user] = [config.clusters[0]?.cluster, config.users[0]?.user];
  const decode = (text = '') => Buffer.from(text, 'base64');
  return new Promise((resolve, reject) => {
    const sent = request(
      `${cluster?.server}${path}`,
      {
        method,
        ca: decode(cluster?.['certificate-authority-data']),
        cert: decode(user?.['client-certificate-data']),
        key: decode(user?.['client-key-data']),
        headers: body ? { 'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json' } : {},
      },
      (answer) => {
        let text = '';
        answer.on('data', (piece: Buffer) => {
          text += piece.toString();
        });
        answer.on('end', () =>
          (answer.statusCode ?? 500) < 300
            ? resolve(JSON.parse(text))
            : reject(new Error(`${method} ${path}: ${answer.statusCode} ${text}`)),
        );
      },
    );
    sent.on('error', reject);
    sent.end(body && JSON.stringify(body));
  });
}
