import { everyLook, expect, expectAccessible, fresh, signIn, test } from './fixtures';
import { ask, onSandbox } from './sandbox-cluster';

const project = fresh('net');

test.describe('the network of an app', () => {
  onSandbox(project);

  test('names it, follows its endpoints, and sets rules with their plan before them', async ({ page }) => {
    test.setTimeout(240_000);
    await signIn(page);
    await ask(page, 'post', `/projects/${project}/apps?wait=50s`, {
      name: 'web',
      cluster: project,
      namespace: project,
      spec: { image: 'nginx:1.27', port: 80, replicas: 2 },
    });

    await page.goto(`/projects/${project}/apps/web/network`);
    await expect(page.getByText(`web.${project}.svc.cluster.local`, { exact: true })).toBeVisible();
    await expect(page.getByRole('button', { name: `Copy web.${project}`, exact: true })).toBeVisible();
    await expect(page.getByTestId('endpoints-ready')).toHaveText('2 of 2 ready', { timeout: 60_000 });
    await expect(page.getByText('No policy selects these pods: everything in the cluster may reach them.')).toBeVisible();
    await expectAccessible(page);

    await page.getByRole('button', { name: 'Set rules…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Network rules of web' });
    await dialog.getByLabel('Only those listed here', { exact: true }).check();
    await expect(dialog.getByText('Nobody: not even the ingress controller. Add who may.')).toBeVisible();
    const inward = dialog.getByRole('region', { name: 'Who may reach it' });
    await inward.getByRole('button', { name: 'Add a rule' }).click();
    await inward.getByLabel('Ports').fill('80');
    await expect(dialog.getByText('lets in apps of this project on 80/TCP')).toBeVisible();
    await everyLook(page, 'network-rules', () => expect(dialog.getByText('lets in apps of this project on 80/TCP')).toBeVisible());
    await dialog.getByRole('button', { name: 'Set the rules' }).click();

    const may = page.getByRole('region', { name: 'May reach web' });
    await expect(may).toContainText('Limited');
    await expect(may).toContainText('apps of this project');
    await expect(may).toContainText('on 80/TCP');

    await everyLook(page, 'network', () => expect(page.getByTestId('reach-app')).toBeVisible());
  });
});
