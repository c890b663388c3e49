import { defineConfig } from '@playwright/test';

/** BASE_URL is a Fairlead that is up; E2E_ADMIN_PASSWORD is its admin's; CHROMIUM is the browser's program; E2E_SANDBOX_KUBECONFIG leads to a simulated cluster. */
export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: '../test-results',
  timeout: 60_000,
  expect: { timeout: 15_000 },
  fullyParallel: false,
  // Two cores and one Fairlead: one after the other is also the fastest.
  workers: 1,
  retries: 0,
  forbidOnly: process.env.CI === 'true',
  use: {
    baseURL: process.env.BASE_URL ?? 'http://127.0.0.1:4400',
    viewport: { width: 1440, height: 900 },
    trace: 'off',
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
