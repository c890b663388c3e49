import { readFileSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import { expect, fresh, signIn, test } from './fixtures';

const kubeconfig = process.env.FAIRLEAD_TEST_KUBECONFIG;

test.describe('webhooks of a project', () => {
  test.skip(!kubeconfig, 'needs FAIRLEAD_TEST_KUBECONFIG');

  // Nothing is sent: the receiver's name is nobody's.
  test('say what they are for, show the secret once, refuse a private address in its field, and go by their name', async ({ page }) => {
    test.setTimeout(180_000);
    await signIn(page);
    const headers = { origin: new URL(page.url()).origin };
    const ask = (path: string, data: object) => page.request.post(`/api/v1${path}`, { headers, data });
    await ask('/clusters', { name: 'hooks', kubeconfig: readFileSync(kubeconfig ?? '', 'utf8') }); // 409 where another test registered it
    const clusters = (await (await page.request.get('/api/v1/clusters')).json()) as { items: { name: string }[] };
    const project = fresh('hooks');
    const made = await ask('/projects', {
      name: project,
      namespaces: [{ cluster: clusters.items[0]?.name, namespace: project, create: true }],
    });
    expect(made.status()).toBe(201);

    await page.goto(`/projects/${project}/settings`);
    const panel = page.getByRole('region', { name: /^Webhooks/ });
    await expect(panel.getByText(/tells another program/)).toBeVisible();
    await panel.getByRole('button', { name: 'Create webhook' }).last().click();
    const dialog = page.getByRole('dialog', { name: `New webhook of ${project}` });
    await dialog.getByLabel('Name', { exact: true }).fill('chat');
    await dialog.getByLabel('URL', { exact: true }).fill('http://169.254.169.254/latest');
    await dialog.getByLabel('a rollout failed, with its cause').check();
    await dialog.getByRole('button', { name: 'Create webhook' }).click();
    await expect(dialog.getByText('leads to an address that Fairlead never sends to')).toBeVisible();
    await dialog.getByLabel('URL', { exact: true }).fill('https://hooks.invalid/services/key');
    await dialog.getByRole('button', { name: 'Create webhook' }).click();
    await expect(page.getByTestId('webhook-secret')).toHaveText(/^whsec_[\w-]{43}$/);
    await page.getByRole('button', { name: 'I have kept it' }).click();

    const row = panel.getByRole('row').filter({ hasText: 'hooks.invalid' });
    await expect(row).toContainText('rollout.failed');
    await expect(row).toContainText('nothing sent yet');
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
    await row.getByRole('button', { name: 'Deliveries' }).click();
    await expect(page).toHaveURL(/webhook=chat/);
    await expect(page.getByRole('dialog', { name: 'Deliveries to chat' }).getByText('Nothing was sent yet')).toBeVisible();
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
    await page.keyboard.press('Escape');

    await row.getByRole('button', { name: 'More for chat' }).click();
    await page.getByRole('menuitem', { name: 'Turn off' }).click();
    await expect(row.getByText('Off', { exact: true })).toBeVisible();
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(row.getByText('On', { exact: true })).toBeVisible();
    await row.getByRole('button', { name: 'More for chat' }).click();
    await page.getByRole('menuitem', { name: 'Delete…' }).click();
    const sure = page.getByRole('dialog', { name: 'Delete chat' });
    await sure.getByLabel('Type chat to go on').fill('chat');
    await sure.getByRole('button', { name: 'Delete chat' }).click();
    await expect(panel.getByText('Nobody is told yet')).toBeVisible();

    await page.request.delete(`/api/v1/projects/${project}`, {
      headers,
      data: { confirm: project, deleteNamespaces: [{ cluster: clusters.items[0]?.name, namespace: project }] },
    });
  });
});
