import { everyLook, expect, expectAccessible, fresh, signIn, test } from './fixtures';
import { ask, onSandbox } from './sandbox-cluster';

const project = fresh('ports');

test.describe('a port in the browser', () => {
  onSandbox(project, (page) =>
    ask(page, 'post', `/projects/${project}/apps`, {
      name: 'web',
      cluster: project,
      namespace: project,
      spec: { image: 'nginx:1.27', replicas: 2, port: 80 },
    }),
  );

  test('opens in a tab of its own, on a clean address, and is closed again', async ({ page, context }) => {
    test.setTimeout(240_000);
    await signIn(page);
    await page.goto(`/projects/${project}/apps/web`);
    await expect(page.getByTestId('ready')).toHaveText('2', { timeout: 60_000 });
    await page.reload(); // the ports are asked once
    const ports = page.getByRole('region', { name: 'Ports' });
    await expect(ports.getByRole('listitem')).toHaveText([/80http ?Service web/, /80http ?2 pods/]);
    await ports.getByRole('button', { name: 'Open port 80 of Service web' }).click();
    const dialog = page.getByRole('dialog', { name: 'Open a port in the browser' });
    await expect(dialog.getByText('Service web, port 80')).toBeVisible();
    await expectAccessible(page);
    const opened = context.waitForEvent('page');
    await dialog.getByRole('button', { name: 'Open port 80' }).click();
    const tab = await opened;
    await expect(tab.getByRole('heading', { name: 'Welcome to nginx!' })).toBeVisible({ timeout: 30_000 });
    expect(new URL(tab.url())).toMatchObject({ pathname: '/', search: '', hash: '' });
    expect(new URL(tab.url()).hostname).toMatch(/^p-[a-z2-7]{20}\.localhost$/);
    expect(await tab.evaluate(() => [window.opener, document.referrer, document.cookie])).toEqual([null, '', '']);

    await page.reload();
    await expect(ports.getByText('Open for you')).toBeVisible();
    await everyLook(page, 'ports', () => expect(ports.getByText('Open for you')).toBeVisible());
    await ports.getByRole('button', { name: 'Close Service web, port 80' }).click();
    await expect(ports.getByText('Open for you')).toBeHidden();
    await tab.reload();
    await expect(tab.getByRole('heading', { name: 'This port is closed' })).toBeVisible();
    await expectAccessible(tab);
  });
});
