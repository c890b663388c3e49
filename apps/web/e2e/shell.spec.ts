import { admin, expect, expectAccessible, expectNoSidewaysScroll, signIn, test } from './fixtures';

const pages = ['/', '/projects', '/clusters', '/audit', '/account', '/account/tokens', '/settings/users', '/settings/robots'];

test('every place is reached by keyboard, and each page names itself', async ({ page }) => {
  await signIn(page);
  await page.keyboard.press('g');
  await page.keyboard.press('p');
  await expect(page.getByRole('heading', { level: 1, name: 'Projects' })).toBeFocused();
  await expect(page).toHaveTitle('Projects · Fairlead');
  await page.keyboard.press('g');
  await page.keyboard.press('c');
  await expect(page.getByRole('heading', { level: 1, name: 'Clusters' })).toBeVisible();
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Search or do' }).fill('audit');
  await expect(page.getByRole('option', { name: 'Audit' }).first()).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Audit' })).toBeVisible();
  await page.keyboard.press('/');
  await expect(page.getByLabel('Who', { exact: true })).toBeFocused();
  await page.keyboard.type('g');
  await expect(page).toHaveURL(/\/audit/);
  await page.getByRole('heading', { level: 1 }).focus();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('the theme is chosen once and is there in the first frame', async ({ page }) => {
  await signIn(page);
  await page.getByRole('button', { name: /^Account of/ }).click();
  await page.getByRole('menuitem', { name: 'Dark' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  const html = await (await page.request.get('/')).text();
  expect(html).toContain('data-theme="dark"');
});

test.describe('a script that was smuggled in', () => {
  test.use({ provoked: /violates the following Content Security Policy/ });

  test('scripts without the nonce do not run, and no other site may frame the page', async ({ page }) => {
    const answer = await page.goto('/sign-in');
    const policy = answer?.headers()['content-security-policy'] ?? '';
    expect(policy).toMatch(/script-src 'self' 'nonce-[^']+'(;|$)/);
    expect(policy).toContain("frame-ancestors 'none'");
    const ran = await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'window.__ran = true';
      document.body.append(script);
      return '__ran' in window;
    });
    expect(ran).toBe(false);
  });
});

test('a cut connection is marked within three seconds, and right again by itself', async ({ page }) => {
  let cut = false;
  const sockets: { close: () => Promise<void> }[] = [];
  await page.routeWebSocket(/\/api\/v1\/live$/, (socket) => {
    if (cut) {
      void socket.close({ code: 1011 });
      return;
    }
    socket.connectToServer();
    sockets.push(socket);
  });
  await signIn(page);
  const top = page.getByRole('banner');
  await expect(top.getByText('Live', { exact: true })).toBeVisible();
  cut = true;
  for (const socket of sockets) await socket.close();
  await expect(top.getByText(/Stale since/).first()).toBeVisible({ timeout: 3_000 });
  await expect(page.getByRole('button', { name: 'Retry now' })).toBeVisible({ timeout: 8_000 });
  cut = false;
  await page.getByRole('button', { name: 'Retry now' }).click();
  await expect(top.getByText('Live', { exact: true })).toBeVisible();
});

test('dialogs, the menu and the palette have no accessibility findings', async ({ page }) => {
  await signIn(page);
  const opened: [path: string, open: () => Promise<void>, seen: ReturnType<typeof page.getByRole>][] = [
    ['/', () => page.keyboard.press('Control+k'), page.getByRole('combobox', { name: 'Search or do' })],
    ['/', () => page.keyboard.press('?'), page.getByRole('dialog', { name: 'Keys' })],
    ['/', () => page.getByRole('button', { name: /^Account of/ }).click(), page.getByRole('menu')],
    ['/clusters', () => page.keyboard.press('n'), page.getByRole('dialog', { name: 'Add cluster' })],
    ['/account/tokens', () => page.keyboard.press('n'), page.getByRole('dialog', { name: 'Create token' })],
    ['/settings/users', () => page.keyboard.press('n'), page.getByRole('dialog', { name: 'Create user' })],
  ];
  for (const [path, open, seen] of opened) {
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await open();
    await expect(seen).toBeVisible();
    await expectAccessible(page);
  }
});

for (const theme of ['light', 'dark'] as const) {
  for (const width of [1440, 390] as const) {
    test(`no accessibility findings and no sideways scroll: ${theme}, ${width} px`, async ({ page, context, baseURL }) => {
      test.setTimeout(240_000);
      await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
      await context.addCookies([{ name: 'fairlead-theme', value: theme, url: baseURL ?? '' }]);
      await page.goto('/sign-in');
      await expectAccessible(page);
      await signIn(page, admin);
      for (const path of pages) {
        await page.goto(path);
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
        await expect(page.getByRole('status', { name: /Waiting|Loading/ })).toHaveCount(0);
        await expectAccessible(page);
        await expectNoSidewaysScroll(page);
      }
    });
  }
}
