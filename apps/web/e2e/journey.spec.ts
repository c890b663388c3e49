import { readFileSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { admin, expect, fresh, signIn, test } from './fixtures';

const kubeconfig = process.env.FAIRLEAD_TEST_KUBECONFIG_NODE;

test.describe('on a cluster that runs containers', () => {
  test.skip(!kubeconfig, 'needs FAIRLEAD_TEST_KUBECONFIG_NODE');

  test('deploy an app, scale it, see it healed, give it a new image, roll it back, read it in the audit log', async ({ page }) => {
    test.setTimeout(300_000);
    const cluster = fresh('node');
    const project = fresh('e2e-walk');
    await signIn(page, admin, '/clusters');
    await addCluster(page, cluster);
    try {
      await createProject(page, project, cluster);

      await test.step('deploy nginx with three replicas', async () => {
        await page.goto(`/projects/${project}/apps/new`);
        const image = page.getByLabel('Image', { exact: true }).and(page.getByRole('textbox'));
        await expect(image).toBeFocused();
        await image.fill('nginx:1.14.2');
        await expect(page.getByLabel('Name', { exact: true })).toHaveValue('nginx');
        await page.getByLabel('Size', { exact: true }).fill('3');
        await page.getByLabel('Port', { exact: true }).fill('80');
        const plan = page.getByRole('region', { name: 'Plan' });
        await expect(plan.getByText('Clean')).toBeVisible();
        await expect(plan.getByText('Deployment/nginx')).toBeVisible();
        await page.keyboard.press('Control+Enter');
        const rollout = page.getByRole('region', { name: /^Rollout of nginx/ });
        await expect(rollout.getByText('3 of 3 ready')).toBeVisible({ timeout: 60_000 });
        await expect(rollout.getByText(/^Serving/)).toBeVisible();
        await rollout.getByRole('link', { name: 'Open nginx' }).click();
        // Rows wait while the pointer is among them.
        await page.mouse.move(0, 0);
      });

      const pods = page.getByRole('table', { name: 'Pods of nginx' });
      const readyPods = pods.getByRole('row').filter({ has: page.getByText('Ready', { exact: true }) });
      await expect(page).toHaveTitle(new RegExp(`^nginx: Serving · ${project}`));
      await expect(readyPods).toHaveCount(3);

      await noFindings(page);
      await test.step('scale to five', async () => {
        await page.getByLabel('Wanted size').fill('5');
        await page.getByLabel('Wanted size').press('Enter');
        await expect(page.getByTestId('ready')).toHaveText('5', { timeout: 60_000 });
        await expect(readyPods).toHaveCount(5);
        await expect(page.getByText('Asked: nginx at 5')).toBeVisible();
      });

      await test.step('a pod that is killed is replaced', async () => {
        const victim = await pods
          .getByRole('button', { name: /^Delete pod / })
          .first()
          .getAttribute('aria-label');
        const name = victim?.replace('Delete pod ', '') ?? '';
        await pods.getByRole('button', { name: `Delete pod ${name}` }).click();
        await page.getByRole('dialog').getByRole('button', { name: 'Delete pod' }).click();
        await expect(page.getByText('Asked: the pod is deleted')).toBeVisible();
        await page.mouse.move(0, 0);
        // The focus is back on the row: what is new and what is gone wait, perhaps one after the other, until they are asked for.
        await expect(async () => {
          const show = page.getByRole('button', { name: 'Show', exact: true });
          if (await show.isVisible()) await show.click();
          await expect(pods.getByRole('button', { name: `Delete pod ${name}` })).toHaveCount(0, { timeout: 500 });
        }).toPass({ timeout: 60_000 });
        await expect(readyPods).toHaveCount(5, { timeout: 60_000 });
      });

      await test.step('a new image', async () => {
        await page.getByRole('button', { name: 'New version' }).click();
        const dialog = page.getByRole('dialog', { name: 'New version of nginx' });
        await dialog.getByLabel('Image', { exact: true }).fill('nginx:1.27');
        await expect(dialog.getByText('nginx:1.14.2 → nginx:1.27')).toBeVisible();
        await dialog.getByRole('button', { name: 'Deploy nginx:1.27' }).click();
        const rollout = page.getByRole('region', { name: 'Rollout of revision 3' });
        await expect(rollout.getByText(/^Serving/)).toBeVisible({ timeout: 90_000 });
        await expect(page.getByRole('banner').or(page.locator('main header')).getByText('nginx:1.27').first()).toBeVisible();
      });

      await test.step('roll back, the difference shown first', async () => {
        await page.getByRole('link', { name: 'Revisions', exact: true }).click();
        await expect(
          page.getByRole('region', { name: 'Difference: 3 (wanted now) → 2' }).getByText('image nginx:1.27 → nginx:1.14.2'),
        ).toBeVisible();
        await noFindings(page);
        await page.getByRole('button', { name: 'Roll back to 2…' }).click();
        const dialog = page.getByRole('dialog', { name: 'Roll nginx back to revision 2' });
        await expect(dialog.getByText('nginx:1.27 → nginx:1.14.2')).toBeVisible();
        await dialog.getByRole('button', { name: 'Roll back to 2' }).click();
        await expect(dialog).toHaveCount(0);
        await page.getByRole('link', { name: 'Overview', exact: true }).last().click();
        await expect(page.getByRole('region', { name: 'Rollout of revision 4' }).getByText(/^Serving/)).toBeVisible({ timeout: 90_000 });
      });

      await test.step('the audit log has all of it', async () => {
        await page.goto(`/audit?project=${project}&changes=true`);
        const entries = page.getByRole('table', { name: 'Audit entries' });
        for (const action of ['projects.create', 'apps.create', 'apps.scale', 'pods.delete', 'apps.change', 'apps.rollback'])
          await expect(entries.getByText(action, { exact: true }).first()).toBeVisible();
        await expect(entries.getByText(/3 → 5 replicas/).first()).toBeVisible();
      });

      await test.step('delete it by its name', async () => {
        await page.goto(`/projects/${project}/apps/nginx/settings`);
        await expect(page.getByRole('region', { name: 'Wanted' })).toBeVisible();
        await noFindings(page);
        await page.getByRole('button', { name: 'Delete nginx…' }).click();
        const dialog = page.getByRole('dialog', { name: 'Delete nginx' });
        await dialog.getByLabel('Type nginx to go on').fill('nginx');
        await dialog.getByRole('button', { name: /^Delete nginx and / }).click();
        await expect(page.getByText(`No apps in ${project} yet`)).toBeVisible({ timeout: 60_000 });
      });
    } finally {
      await cleanUp(page, project, cluster);
    }
  });

  test('read the logs of all pods as one, and work in a shell', async ({ page }) => {
    test.setTimeout(240_000);
    const cluster = fresh('node');
    const project = fresh('e2e-look');
    await signIn(page, admin, '/clusters');
    await addCluster(page, cluster);
    try {
      await createProject(page, project, cluster);
      await page.goto(`/projects/${project}/apps/new?image=busybox`);
      await page.getByLabel('Name', { exact: true }).fill('chatty');
      await page.getByLabel('Size', { exact: true }).fill('2');
      await page.getByText('More: variables').click();
      await page
        .getByLabel('Command (optional)')
        .fill(
          `sh -c 'i=0; while true; do i=$((i+1)); echo "tick $i"; printf "\\033[31mERROR\\033[0m \\342\\200\\256evil\\n"; sleep 0.2; done'`,
        );
      await page.getByRole('button', { name: 'Deploy chatty' }).click();
      await expect(page.getByRole('region', { name: /^Rollout of chatty/ }).getByText('2 of 2 ready')).toBeVisible({ timeout: 60_000 });

      await test.step('logs follow, stop for the hand, find, and show what hides', async () => {
        await page.goto(`/projects/${project}/apps/chatty/logs`);
        const log = page.getByRole('log');
        await expect(log.getByText(/^tick \d+$/).first()).toBeVisible({ timeout: 30_000 });
        await expect(page.getByTestId('log-state')).toContainText('following');
        await expect(log.getByText('⟨U+202E⟩').first()).toBeVisible();
        await expect.poll(() => log.evaluate((element) => element.scrollHeight - element.clientHeight)).toBeGreaterThan(200);
        await log.hover();
        await page.mouse.wheel(0, -150);
        await expect(page.getByTestId('log-state')).toContainText('paused');
        const before = await log.evaluate((element) => element.scrollTop);
        await expect(page.getByRole('button', { name: /new lines/ })).toBeVisible();
        expect(await log.evaluate((element) => element.scrollTop)).toBe(before);
        await page.getByRole('button', { name: /new lines/ }).click();
        await expect(page.getByTestId('log-state')).toContainText('following');
        await page.getByLabel('Find in the log').fill('tick 3');
        await expect(log.locator('mark').first()).toHaveCount(1);
      });

      await noFindings(page);

      await test.step('a shell answers', async () => {
        await page.getByRole('link', { name: 'Terminal', exact: true }).click();
        await expect(page.getByRole('status').filter({ hasText: 'live' }).first()).toBeVisible({ timeout: 30_000 });
        await page.keyboard.type('echo $((40+2))-yes\n');
        await expect(page.locator('.xterm-rows')).toContainText('42-yes');
        await page.keyboard.type('exit 3\n');
        await expect(page.getByText('ended: exit 3', { exact: true })).toBeVisible();
        await expect(page.getByText('Keys are not sent.')).toBeVisible();
        await noFindings(page);
      });

      await page.goto(`/audit?cluster=${cluster}`);
      await expect(page.getByRole('table', { name: 'Audit entries' }).getByText('kubernetes.pods.exec').first()).toBeVisible();
    } finally {
      await cleanUp(page, project, cluster);
    }
  });
});

/** WCAG 2.2 AA, as far as a machine can tell. */
async function noFindings(page: Page): Promise<void> {
  // What is still fading in has no colours of its own yet.
  await page.evaluate(() => {
    const ending = document.getAnimations().filter(({ effect }) => Number.isFinite(effect?.getComputedTiming().endTime));
    return Promise.all(ending.map((animation) => animation.finished.catch(() => null)));
  });
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
}

async function addCluster(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Add cluster' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Add cluster' });
  await dialog.getByLabel('Name', { exact: true }).fill(name);
  await dialog.getByLabel('Kubeconfig').fill(readFileSync(kubeconfig ?? '', 'utf8'));
  await dialog.getByRole('button', { name: `Add ${name}` }).click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible({ timeout: 60_000 });
}

async function createProject(page: Page, name: string, cluster: string): Promise<void> {
  await page.goto('/projects');
  await page.getByRole('button', { name: 'Create project' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Create project' });
  await dialog.getByLabel('Name', { exact: true }).fill(name);
  await dialog.getByLabel('Cluster').selectOption(cluster);
  await dialog.getByRole('button', { name: `Create ${name}` }).click();
  await expect(page.getByText(`No apps in ${name} yet`)).toBeVisible({ timeout: 60_000 });
}

/** By REST, so that it also cleans up after a step that failed. What Fairlead made for itself stays: others may use the same cluster. */
async function cleanUp(page: Page, project: string, cluster: string): Promise<void> {
  const headers = { origin: new URL(page.url()).origin };
  const apps = async () => {
    const answer = await page.request.get(`/api/v1/projects/${project}/apps`);
    return answer.ok() ? ((await answer.json()) as { items: { id: string; name: string }[] }).items : [];
  };
  for (const { id, name } of await apps())
    await page.request.delete(`/api/v1/projects/${project}/apps/${id}`, { data: { confirm: name }, headers });
  await expect.poll(async () => (await apps()).length, { timeout: 60_000 }).toBe(0);
  await page.request.delete(`/api/v1/projects/${project}`, {
    data: { confirm: project, deleteNamespaces: [{ cluster, namespace: project }] },
    headers,
  });
  await page.request.delete(`/api/v1/clusters/${cluster}`, { data: { confirm: cluster, cleanup: false }, headers });
}
