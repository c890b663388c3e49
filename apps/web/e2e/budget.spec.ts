import { expect, signIn, test } from './fixtures';

/** kB of compressed JavaScript that a first visit loads. Next and React alone are about 148. */
const bounds: [path: string, kB: number][] = [
  ['/', 280],
  ['/projects', 280],
  ['/clusters', 280],
  ['/audit', 280],
];

async function loaded(page: import('@playwright/test').Page, path: string): Promise<number> {
  const session = await page.context().newCDPSession(page);
  const urls = new Map<string, string>();
  let bytes = 0;
  await session.send('Network.enable');
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
  session.on('Network.responseReceived', ({ requestId, response }) => urls.set(requestId, response.url));
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (/\/_next\/static\/.*\.js$/.test(urls.get(requestId) ?? '')) bytes += encodedDataLength;
  });
  await page.goto(path, { waitUntil: 'networkidle' });
  await session.detach();
  return Math.round(bytes / 1024);
}

test('no page loads more JavaScript than it may', async ({ page }) => {
  expect(await loaded(page, '/sign-in'), '/sign-in').toBeLessThanOrEqual(207);
  await signIn(page);
  for (const [path, kB] of bounds) expect(await loaded(page, path), path).toBeLessThanOrEqual(kB);
});

test('nothing scrolls sideways at 320 px', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await signIn(page);
  for (const [path] of bounds) {
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(320);
  }
});
