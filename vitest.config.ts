import path from 'node:path';
import { defineConfig } from 'vitest/config';

const shared = { testTimeout: 15_000, hookTimeout: 60_000, pool: 'forks', isolate: false } as const;

// One file: node_modules/.bin/vitest run --project api apps/api/test/users.e2e.ts
export default defineConfig({
  test: {
    maxWorkers: 3,
    projects: [
      { test: { ...shared, name: 'shared', root: 'packages/shared', include: ['src/**/*.spec.ts', 'test/**/*.spec.ts'] } },
      { test: { ...shared, name: 'kube', root: 'packages/kube', include: ['src/**/*.spec.ts', 'test/**/*.{spec,e2e}.ts'] } },
      { test: { ...shared, name: 'sandbox', root: 'packages/sandbox', include: ['src/**/*.spec.ts', 'test/**/*.{spec,e2e}.ts'] } },
      {
        test: {
          ...shared,
          name: 'api',
          root: 'apps/api',
          include: ['src/**/*.{spec,e2e}.ts', 'test/**/*.{spec,e2e}.ts'],
          globalSetup: [path.join(import.meta.dirname, 'scripts/test/database.setup.mjs')],
        },
      },
      { extends: './apps/web/vitest.config.ts', test: { ...shared, name: 'web', root: 'apps/web' } },
      { test: { ...shared, name: 'scripts', root: 'scripts', include: ['test/**/*.spec.mjs'] } },
    ],
  },
});
