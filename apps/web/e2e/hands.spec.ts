import { readFileSync } from 'node:fs';
import type { APIRequestContext, Page } from '@playwright/test';
import { expect, fresh, signIn, test } from './fixtures';

const kubeconfig = process.env.FAIRLEAD_TEST_KUBECONFIG;
const cluster = fresh('hands');
const project = fresh('hands-shop');

/** A call as the page would make it: with its session and its origin. */
async function ask(page: Page, method: 'post' | 'delete' | 'get', path: string, data?: unknown) {
  const origin = new URL(page.url()).origin;
  const request: APIRequestContext = page.request;
  const answer = await request[method](`/api/v1${path}`, { data, headers: { origin }, timeout: 60_000 });
  expect(answer.ok(), `${method} ${path}: ${answer.status()} ${await answer.text()}`).toBe(true);
  return answer;
}

const deploy = (page: Page, name: string) =>
  ask(page, 'post', `/projects/${project}/apps`, {
    name,
    cluster: where,
    namespace: project,
    spec: { image: 'nginx:1.27', replicas: 1, port: 80 },
  });

/** The cluster's name: an earlier test may have registered it under another one, and a cluster is registered once. */
let where = cluster;

test.describe('with apps on a real cluster', () => {
  test.skip(!kubeconfig, 'needs FAIRLEAD_TEST_KUBECONFIG');
  test.describe.configure({ mode: 'serial' });

  test.beforeAll(async ({ browser }) => {
    const page = await browser.newPage();
    await signIn(page);
    const server = /server:\s*"?([^"\s]+)/.exec(readFileSync(kubeconfig ?? '', 'utf8'))?.[1];
    const clusters = (await (await ask(page, 'get', '/clusters')).json()) as { items: { name: string; server: string | null }[] };
    const known = clusters.items.find((one) => one.server === server);
    if (known) where = known.name;
    else await ask(page, 'post', '/clusters', { name: cluster, kubeconfig: readFileSync(kubeconfig ?? '', 'utf8') });
    await ask(page, 'post', '/projects', { name: project, namespaces: [{ cluster: where, namespace: project, create: true }] });
    for (const name of ['alpha', 'beta']) await deploy(page, name);
    await page.close();
  });

  test.afterAll(async ({ browser }) => {
    test.setTimeout(120_000);
    const page = await browser.newPage();
    await signIn(page);
    const { items } = (await (await ask(page, 'get', `/projects/${project}/apps`)).json()) as { items: { name: string }[] };
    for (const { name } of items) await ask(page, 'delete', `/projects/${project}/apps/${name}`, { confirm: name });
    await expect
      .poll(async () => ((await (await ask(page, 'get', `/projects/${project}/apps`)).json()) as { items: unknown[] }).items.length, {
        timeout: 60_000,
      })
      .toBe(0);
    await ask(page, 'delete', `/projects/${project}`, {
      confirm: project,
      deleteNamespaces: [{ cluster: where, namespace: project }],
    });
    if (where === cluster) await ask(page, 'delete', `/clusters/${cluster}`, { confirm: cluster, cleanup: false });
    await page.close();
  });

  test('rows keep their places under the pointer, and what came meanwhile waits behind a button', async ({ page }) => {
    await signIn(page);
    await page.goto(`/projects/${project}/apps`);
    const row = page.getByRole('row').filter({ hasText: 'beta' });
    await expect(row.getByText('Serving')).toBeVisible({ timeout: 30_000 });
    await expect(page.getByRole('row').filter({ hasText: 'alpha' }).getByText('Serving')).toBeVisible({ timeout: 30_000 });
    await row.hover();
    const before = await row.boundingBox();
    await deploy(page, 'aardvark');
    await expect(page.getByText('1 new')).toBeVisible({ timeout: 30_000 });
    expect(await row.boundingBox()).toEqual(before);
    await page.getByRole('button', { name: 'Show' }).click();
    await expect(page.getByRole('link', { name: 'aardvark', exact: true })).toBeVisible();
  });

  test('"scale beta 3" in the palette is two keystrokes and a sentence, and its Undo takes it back', async ({ page }) => {
    await signIn(page);
    await page.goto(`/projects/${project}/apps/beta`);
    await expect(page.getByRole('heading', { level: 1, name: 'beta' })).toBeVisible();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Search or do' }).fill(`scale beta 3 @${project}`);
    await expect(page.getByRole('option', { name: `Scale beta in ${project} on ${where} from 1 to 3` })).toBeVisible();
    await page.keyboard.press('Enter');
    await expect(page.getByText('Asked: beta at 3')).toBeVisible();
    const app = async () =>
      ((await (await ask(page, 'get', `/projects/${project}/apps/beta`)).json()) as { spec: { replicas: number } }).spec.replicas;
    expect(await app()).toBe(3);
    await page.getByRole('button', { name: 'Undo' }).first().click();
    await expect.poll(app).toBe(1);
  });
});
