import AxeBuilder from '@axe-core/playwright';
import { test as base, expect, type Page } from '@playwright/test';

export const admin = { name: 'admin', password: process.env.E2E_ADMIN_PASSWORD ?? '' };

/** Answers of the API that a test provokes; the browser reports each as an error of its console. */
const expectedAnswers = /Failed to load resource: the server responded with a status of (400|401|403|404|409|422|428|429)/;

interface Fixtures {
  /** What this test provokes on the console on purpose. */
  provoked: RegExp | null;
  /** Fails the test when a page wrote an error or threw. */
  quietConsole: undefined;
}

export const test = base.extend<Fixtures>({
  provoked: [null, { option: true }],
  quietConsole: [
    async ({ page, provoked }, use) => {
      const loud: string[] = [];
      page.on('console', (message) => {
        const text = message.text();
        if (message.type() !== 'error' || expectedAnswers.test(text) || provoked?.test(text)) return;
        loud.push(`${text} (${message.location().url || 'no address'}, on ${page.url()})`);
      });
      page.on('pageerror', (error) => loud.push(`${error.message} (thrown on ${page.url()})`));
      await use(undefined);
      // The head of the message is what the end of a run repeats.
      expect(loud, `errors on the console: ${loud.join(' · ')}`).toEqual([]);
    },
    { auto: true },
  ],
});

/** Signs in by the form, as a person does. */
export async function signIn(page: Page, who: { name: string; password: string } = admin, path = '/'): Promise<void> {
  await page.goto(path === '/' ? '/sign-in' : path);
  await page.getByLabel('Name', { exact: true }).fill(who.name);
  await page.getByLabel('Password', { exact: true }).fill(who.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('button', { name: /^Account of/ })).toBeVisible();
}

/** A name that no earlier run has used. */
export const fresh = (prefix: string): string => `${prefix}-${Date.now().toString(36)}`;

/** No findings of axe on what the page shows now. */
export async function expectAccessible(page: Page) {
  // What is still fading in has no colours of its own yet.
  await page.evaluate(() => {
    const ending = document.getAnimations().filter(({ effect }) => Number.isFinite(effect?.getComputedTiming().endTime));
    return Promise.all(ending.map((animation) => animation.finished.catch(() => null)));
  });
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
  expect(violations.map(({ id, nodes }) => `${page.url()} ${id}: ${nodes.map((node) => node.html).join(' | ')}`)).toEqual([]);
}

/** The page is as wide as its window. */
export async function expectNoSidewaysScroll(page: Page) {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(over, `${page.url()} scrolls sideways`).toBeLessThanOrEqual(0);
}

/** What `shown` waits for stands in light and dark, wide and at 390 px, without a finding or a sideways scroll; pictures go to E2E_SHOTS. */
export async function everyLook(page: Page, name: string, shown: () => Promise<void>) {
  const folder = process.env.E2E_SHOTS;
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    for (const width of [1440, 390]) {
      await page.setViewportSize({ width, height: 900 });
      await shown();
      await expectAccessible(page);
      await expectNoSidewaysScroll(page);
      if (folder) await page.screenshot({ path: `${folder}/${name}-${colorScheme}-${width}.png`, fullPage: true });
    }
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.emulateMedia({ colorScheme: 'light' });
}

export { expect };
