import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { everyLook, expect, expectAccessible, fresh, signIn, test } from './fixtures';
import { ask } from './sandbox-cluster';

const kubeconfig = process.env.FAIRLEAD_TEST_KUBECONFIG;
const project = fresh('drill');

/** The cluster's name: an earlier test may have registered it under another one, and a cluster is registered once. */
async function register(page: Page): Promise<string> {
  const text = readFileSync(kubeconfig ?? '', 'utf8');
  const server = /server:\s*"?([^"\s]+)/.exec(text)?.[1];
  const { items } = (await ask(page, 'get', '/clusters')) as { items: { name: string; server: string | null }[] };
  const known = items.find((one) => one.server === server);
  if (known) return known.name;
  await ask(page, 'post', '/clusters', { name: project, kubeconfig: text });
  return project;
}

test.describe('what an app bears', () => {
  test.skip(!kubeconfig, 'needs FAIRLEAD_TEST_KUBECONFIG');
  test.describe.configure({ mode: 'serial' });

  test.beforeAll(async ({ browser }) => {
    test.setTimeout(120_000);
    const page = await browser.newPage();
    await signIn(page);
    const cluster = await register(page);
    await ask(page, 'post', '/projects', { name: project, namespaces: [{ cluster, namespace: project, create: true }] });
    const spec = { image: 'nginx:1.27', port: 80, replicas: 2, host: `${project}.example` };
    await ask(page, 'post', `/projects/${project}/apps?wait=50s`, { name: 'web', cluster, namespace: project, spec });
    await page.close();
  });

  test.afterAll(async ({ browser }) => {
    test.setTimeout(120_000);
    const page = await browser.newPage();
    await signIn(page);
    const cluster = await register(page);
    await ask(page, 'delete', `/projects/${project}/apps/web`, { confirm: 'web' });
    const left = async () => ((await ask(page, 'get', `/projects/${project}/apps`)) as { items: unknown[] }).items.length;
    await expect.poll(left, { timeout: 60_000 }).toBe(0);
    await ask(page, 'delete', `/projects/${project}`, { confirm: project, deleteNamespaces: [{ cluster, namespace: project }] });
    if (cluster === project) await ask(page, 'delete', `/clusters/${cluster}`, { confirm: cluster, cleanup: false });
    await page.close();
  });

  test('a drill says what it will do, how far it is, and what a visitor would have noticed', async ({ page }) => {
    test.setTimeout(120_000);
    await signIn(page);
    await page.goto(`/projects/${project}/apps/web`);
    await page.getByRole('link', { name: 'Resilience' }).click();
    await expect(page.getByText('1 other ready pod goes on serving.')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Start: Empty a node of it' })).toBeEnabled();
    await expect(page.getByText('The node is not cordoned, so a replacement may come back to it.')).toBeVisible();
    await page.getByRole('button', { name: 'Start: Kill a pod' }).click();
    const dialog = page.getByRole('dialog', { name: 'Kill a pod: drill' });
    await expect(dialog.getByText('asked ten times a second')).toBeVisible();
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Start the drill' }).click();
    await expect(page.getByText('Looks at it for 3 s as it is…')).toBeVisible();
    await expect(page).toHaveURL(/\?drill=/);
    await expectAccessible(page);
    await expect(page.getByRole('heading', { name: 'What to change' })).toBeVisible({ timeout: 60_000 });
    await expect(page.getByRole('status').filter({ hasText: /whole again after [\d.]+ s/ })).toBeVisible();
    const timeline = page.getByRole('region', { name: 'What happened' });
    await expect(timeline.getByText(/^.*Pod web-\S+ was lost.*it was deleted\./)).toBeVisible();
    await expect(timeline.getByText(/is ready in place of web-/)).toBeVisible();
    await everyLook(page, 'resilience', async () => {
      await expect(page.getByRole('heading', { name: 'What to change' })).toBeVisible();
      await expect(page.getByRole('link', { name: 'Resilience', exact: true }).last()).toBeInViewport({ ratio: 1 });
    });
  });
});
