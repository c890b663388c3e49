import { expect, expectAccessible, fresh, signIn, test } from './fixtures';
import { ask, onSandbox } from './sandbox-cluster';

const project = fresh('ports');
const shots = process.env.E2E_SHOTS;

test.describe('a port in the browser', () => {
  onSandbox(project, (page) =>
    ask(page, 'post', `/projects/${project}/apps`, {
      name: 'web',
      cluster: project,
      namespace: project,
      spec: { image: 'nginx:1.27', replicas: 2, port: 80 },
    }),
  );

  test('opens in a tab of its own, on a clean address, and is closed again', async ({ page, context, baseURL }) => {
    test.setTimeout(240_000);
    await signIn(page);
    await page.goto(`/projects/${project}/apps/web`);
    await expect(page.getByTestId('ready')).toHaveText('2', { timeout: 60_000 });
    await page.reload(); // the ports are asked once
    const ports = page.getByRole('region', { name: 'Ports' });
    await expect(ports.getByRole('listitem')).toHaveText([/80http ?Service web/, /80http ?2 pods/]);
    for (const theme of ['light', 'dark'] as const) {
      await context.addCookies([{ name: 'fairlead-theme', value: theme, url: baseURL ?? '' }]);
      for (const width of [1440, 390]) {
        await page.setViewportSize({ width, height: 900 });
        await page.reload();
        await expect(ports.getByRole('listitem').first()).toBeVisible();
        expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
        if (shots) await ports.screenshot({ path: `${shots}/ports-${theme}-${width}.png` });
      }
    }
    await page.setViewportSize({ width: 1440, height: 900 });

    await ports.getByRole('button', { name: 'Open port 80 of Service web' }).click();
    const dialog = page.getByRole('dialog', { name: 'Open a port in the browser' });
    await expect(dialog.getByText('Service web, port 80')).toBeVisible();
    await expectAccessible(page);
    if (shots) await page.screenshot({ path: `${shots}/ports-dialog.png` });
    const opened = context.waitForEvent('page');
    await dialog.getByRole('button', { name: 'Open port 80' }).click();
    const tab = await opened;
    await expect(tab.getByRole('heading', { name: 'Welcome to nginx!' })).toBeVisible({ timeout: 30_000 });
    expect(new URL(tab.url())).toMatchObject({ pathname: '/', search: '', hash: '' });
    expect(new URL(tab.url()).hostname).toMatch(/^p-[a-z2-7]{20}\.localhost$/);
    expect(await tab.evaluate(() => [window.opener, document.referrer, document.cookie])).toEqual([null, '', '']);

    await page.reload();
    await expect(ports.getByText('Open for you')).toBeVisible();
    await expectAccessible(page);
    if (shots) await ports.screenshot({ path: `${shots}/ports-open.png` });
    await ports.getByRole('button', { name: 'Close Service web, port 80' }).click();
    await expect(ports.getByText('Open for you')).toBeHidden();
    await tab.reload();
    await expect(tab.getByRole('heading', { name: 'This port is closed' })).toBeVisible();
    await expectAccessible(tab);
  });
});
