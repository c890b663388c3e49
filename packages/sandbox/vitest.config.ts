import { defineConfig } from 'vitest/config';

export default defineConfig({ test: { name: 'sandbox', include: ['src/**/*.spec.ts', 'test/**/*.{spec,e2e}.ts'], testTimeout: 30_000 } });
