import path from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { alias: { '@': path.join(import.meta.dirname, 'src') } },
  test: { include: ['src/**/*.spec.ts', 'src/**/*.spec.tsx'], testTimeout: 15_000 },
});
