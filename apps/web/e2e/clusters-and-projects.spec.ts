import { readFileSync } from 'node:fs';
import { admin, expect, fresh, signIn, test } from './fixtures';

const kubeconfig = process.env.FAIRLEAD_TEST_KUBECONFIG;

test('a kubeconfig that would run a command is refused, with the field by name', async ({ page }) => {
  await signIn(page, admin, '/clusters');
  await page.getByRole('button', { name: 'Add cluster' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Add cluster' });
  await dialog.getByLabel('Name', { exact: true }).fill('evil');
  await dialog.getByLabel('Kubeconfig').fill(`apiVersion: v1
kind: Config
clusters: [{ name: c, cluster: { server: "https://127.0.0.1:1" } }]
users: [{ name: u, user: { exec: { command: /bin/sh, apiVersion: client.authentication.k8s.io/v1 } } }]
contexts: [{ name: x, context: { cluster: c, user: u } }]
current-context: x
`);
  await dialog.getByRole('button', { name: 'Add evil' }).click();
  await expect(dialog.getByText(/exec/).first()).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Copy code and request id' })).toBeVisible();
});

test.describe('on a real cluster', () => {
  test.skip(!kubeconfig, 'needs FAIRLEAD_TEST_KUBECONFIG');

  test('add a cluster, create a project on it, give a role, get a kubeconfig, read it all in the audit log', async ({ page }) => {
    test.setTimeout(180_000);
    const cluster = fresh('e2e');
    const project = fresh('e2e-shop');
    await signIn(page, admin, '/clusters');

    await page.getByRole('button', { name: 'Add cluster' }).first().click();
    const add = page.getByRole('dialog', { name: 'Add cluster' });
    await add.getByLabel('Name', { exact: true }).fill(cluster);
    await add.getByLabel('Kubeconfig').fill(readFileSync(kubeconfig ?? '', 'utf8'));
    await add.getByRole('button', { name: `Add ${cluster}` }).click();
    await expect(page.getByRole('heading', { level: 1, name: cluster })).toBeVisible({ timeout: 60_000 });
    await expect(page).toHaveTitle(new RegExp(`^${cluster}: Ready`));
    await expect(
      page
        .getByRole('table', { name: `Nodes of ${cluster}` })
        .getByText('Ready')
        .first(),
    ).toBeVisible();

    await page.goto('/projects');
    await page.getByRole('button', { name: 'Create project' }).first().click();
    const create = page.getByRole('dialog', { name: 'Create project' });
    await create.getByLabel('Name', { exact: true }).fill(project);
    await create.getByLabel('Cluster').selectOption(cluster);
    await expect(create.getByLabel('Namespace', { exact: true })).toHaveValue(project);
    await create.getByRole('button', { name: `Create ${project}` }).click();
    await expect(page).toHaveURL(new RegExp(`/projects/${project}/apps`));

    await page.goto('/settings/robots');
    const robot = fresh('robot');
    await page.getByRole('button', { name: 'Create robot' }).first().click();
    await page.getByRole('dialog').getByLabel('Name', { exact: true }).fill(robot);
    await page.getByRole('button', { name: `Create ${robot}` }).click();
    await expect(page.getByRole('table', { name: 'Robots' }).getByText(robot).first()).toBeVisible();

    await page.goto(`/projects/${project}/members`);
    await page.getByRole('button', { name: 'Give a role' }).click();
    const give = page.getByRole('dialog');
    await give.getByLabel('User or robot').fill(robot);
    await give.getByLabel('Role').selectOption('deployer');
    await give.getByLabel('Until').selectOption('8');
    await give.getByRole('button', { name: 'Give deployer' }).click();
    const row = page.getByRole('row').filter({ hasText: robot });
    await expect(row.getByText('deployer')).toBeVisible();
    await row.getByRole('button', { name: 'Take away' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Take deployer away' }).click();
    await expect(row).toHaveCount(0);

    await page.goto('/account/tokens');
    const line = page.getByRole('listitem').filter({ hasText: cluster });
    await line.getByRole('button', { name: 'Kubeconfig' }).click();
    await page.getByRole('button', { name: 'Make kubeconfig' }).click();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: `Download fairlead-${cluster}.yaml` }).click();
    const file = await (await download).path();
    expect(readFileSync(file, 'utf8')).toContain(`/k8s/${cluster}`);
    await page.getByRole('button', { name: 'Done' }).click();

    await page.goto(`/audit?project=${project}&changes=true`);
    const entries = page.getByRole('table', { name: 'Audit entries' });
    await expect(entries.getByText('projects.create', { exact: true })).toBeVisible();
    await expect(entries.getByText('projects.grants.create')).toBeVisible();
    await expect(entries.getByText('projects.grants.delete')).toBeVisible();
    await entries.getByRole('button', { name: 'projects.create', exact: true }).click();
    await expect(page.getByRole('dialog').getByText('Because')).toBeVisible();
    await page.keyboard.press('Escape');

    await page.goto(`/projects/${project}/settings`);
    await page.getByRole('button', { name: `Delete ${project}…` }).click();
    const remove = page.getByRole('dialog');
    await remove.getByRole('checkbox').check();
    await remove.getByLabel(`Type ${project} to go on`).fill(project);
    await remove.getByRole('button', { name: `Delete ${project} and 1 namespace` }).click();
    await expect(page).toHaveURL(/\/projects$/);

    await page.goto(`/clusters/${cluster}`);
    await page.getByRole('button', { name: 'Remove…' }).click();
    const forget = page.getByRole('dialog');
    // What Fairlead made for itself stays: another Fairlead may use the same cluster.
    await forget.getByRole('checkbox').uncheck();
    await forget.getByLabel(`Type ${cluster} to go on`).fill(cluster);
    await forget.getByRole('button', { name: `Remove ${cluster}` }).click();
    await expect(page).toHaveURL(/\/clusters$/);
    await expect(page.getByRole('link', { name: cluster })).toHaveCount(0);
  });
});
