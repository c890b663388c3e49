import { everyLook, expect, fresh, signIn, test } from './fixtures';
import { ask, onSandbox } from './sandbox-cluster';

const project = fresh('secret');
const value = 'never-to-be-seen-again';

test.describe('secrets of an app', () => {
  onSandbox(project, (page) =>
    ask(page, 'post', `/projects/${project}/apps?wait=50s`, {
      name: 'web',
      cluster: project,
      namespace: project,
      spec: { image: 'nginx:1.27', port: 80 },
    }),
  );

  test('are given, replaced and removed, and never shown', async ({ page }) => {
    test.setTimeout(180_000);
    const answers: string[] = [];
    page.on('response', async (response) => {
      if (response.url().includes('/api/v1/')) answers.push(await response.text().catch(() => ''));
    });
    await signIn(page);
    await page.goto(`/projects/${project}/apps/web/settings`);
    const panel = page.getByRole('region', { name: 'Secrets' });
    await expect(panel.getByText('None. A secret is a value that is written to the cluster and never shown again')).toBeVisible();
    await panel.getByRole('button', { name: 'Secret', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'A secret for web' });
    await test.step('a name that no variable can have is refused at its field', async () => {
      await dialog.getByRole('textbox', { name: 'Name' }).fill('not a name');
      await dialog.getByLabel('Value', { exact: true }).fill(value);
      await dialog.getByRole('button', { name: 'Set not a name' }).click();
      await expect(dialog.getByRole('textbox', { name: 'Name' })).toHaveAttribute('aria-invalid', 'true');
    });
    await test.step('it is typed as dots, and shown only when asked', async () => {
      await dialog.getByRole('textbox', { name: 'Name' }).fill('DB_PASSWORD');
      await expect(dialog.getByLabel('Value', { exact: true })).toHaveAttribute('type', 'password');
      await dialog.getByRole('button', { name: 'Show value' }).click();
      await expect(dialog.getByLabel('Value', { exact: true })).toHaveAttribute('type', 'text');
      await dialog.getByRole('button', { name: 'Hide value' }).click();
      await everyLook(page, 'secret-dialog', () => expect(dialog).toBeVisible());
      await dialog.getByRole('button', { name: 'Set DB_PASSWORD' }).click();
    });
    await expect(dialog).toBeHidden();
    await expect(panel.getByText(/^write-only: set .* by admin, in revision 2$/)).toBeVisible();
    await test.step('the same value once more changes nothing; another one is a revision', async () => {
      const replace = async (next: string) => {
        await panel.getByRole('button', { name: 'Replace DB_PASSWORD' }).click();
        const again = page.getByRole('dialog', { name: 'Replace DB_PASSWORD' });
        await expect(again.getByLabel('Value', { exact: true })).toHaveValue('');
        await again.getByLabel('Value', { exact: true }).fill(next);
        await again.getByRole('button', { name: 'Replace DB_PASSWORD' }).click();
        await expect(again).toBeHidden();
      };
      await replace(value);
      await expect(page.getByText('Nothing changed: it is the value that stands')).toBeVisible();
      await replace(`${value}-2`);
      await expect(panel.getByText(/in revision 3$/)).toBeVisible();
    });
    await everyLook(page, 'secrets', () => expect(panel.getByText('DB_PASSWORD')).toBeVisible());
    await test.step('neither page nor answer has the value; revisions say that one was replaced', async () => {
      await page.goto(`/projects/${project}/apps/web/revisions`);
      await expect(page.getByText(/DB_PASSWORD/).first()).toBeVisible();
      expect(await page.content()).not.toContain(value);
      await page.goto(`/projects/${project}/apps/web/settings`);
      await expect(panel.getByText('DB_PASSWORD')).toBeVisible();
      expect(await page.content()).not.toContain(value);
      expect(answers.length).toBeGreaterThan(5);
      expect(answers.filter((text) => text.includes(value))).toEqual([]);
    });
    await test.step('and it is removed', async () => {
      await panel.getByRole('button', { name: 'Remove DB_PASSWORD' }).click();
      const confirm = page.getByRole('dialog', { name: 'Remove DB_PASSWORD' });
      await confirm.getByRole('button', { name: 'Remove DB_PASSWORD' }).click();
      await expect(panel.getByText('None. A secret is a value')).toBeVisible();
    });
  });
});
