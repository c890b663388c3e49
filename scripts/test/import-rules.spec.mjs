import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bin, fromRoot } from '../lib/paths.mjs';

// A tree of the same shape, in which every file breaks exactly one rule.
const broken = [
  ['shared-is-browser-safe', 'packages/shared/src/a.ts', "import 'node:fs';"],
  ['shared-needs-zod-alone', 'packages/shared/src/b.ts', "import '../../kube/src/index.js';"],
  ['kube-knows-nothing-of-the-product', 'packages/kube/src/a.ts', "import '../../shared/src/index.js';"],
  ['packages-not-to-apps', 'packages/kube/src/b.ts', "import '../../../apps/api/src/platform/index.js';"],
  ['web-not-to-api-or-kube', 'apps/web/src/lib/a.ts', "import '../../../api/src/platform/index.js';"],
  ['platform-not-to-features', 'apps/api/src/platform/a.ts', "import '../features/audit/index.js';"],
  ['features-by-their-index', 'apps/api/src/features/apps/a.ts', "import '../audit/log.js';"],
  ['api-step-1-not-up', 'apps/api/src/features/audit/a.ts', "import '../users/index.js';"],
  ['api-step-4-not-up', 'apps/api/src/features/users/a.ts', "import '../apps/index.js';"],
  ['nothing-imports-the-doors', 'apps/api/src/features/apps/b.ts', "import '../gateway/index.js';"],
  ['web-features-stand-alone', 'apps/web/src/features/pods/a.ts', "import '../apps/index.js';"],
  ['web-not-up', 'apps/web/src/components/a.ts', "import '@/features/apps/index';"],
  ['no-circular', 'apps/api/src/platform/b.ts', "import './c.js';"],
];
const allowed = [
  ['packages/shared/src/index.ts', 'export const one = 1;'],
  ['packages/kube/src/index.ts', 'export const one = 1;'],
  ['apps/api/src/platform/index.ts', 'export const one = 1;'],
  ['apps/api/src/platform/c.ts', "import './b.js';"],
  ['apps/api/src/features/audit/index.ts', "export * from './log.js';"],
  ['apps/api/src/features/audit/log.ts', "export { one } from '../../platform/index.js';"],
  ['apps/api/src/features/users/index.ts', "export { one } from '../audit/index.js';"],
  ['apps/api/src/features/apps/index.ts', "export { one } from '../users/index.js';"],
  ['apps/api/src/features/gateway/index.ts', "export { one } from '../apps/index.js';"],
  ['apps/web/src/features/apps/index.ts', 'export const one = 1;'],
];

const tree = mkdtempSync(path.join(os.tmpdir(), 'fairlead-import-rules-'));
let violations;

beforeAll(() => {
  for (const [file, text] of [...allowed, ...broken.map(([, file, text]) => [file, text])]) {
    mkdirSync(path.dirname(path.join(tree, file)), { recursive: true });
    writeFileSync(path.join(tree, file), text);
  }
  for (const file of ['.dependency-cruiser.cjs', 'tsconfig.base.json', 'tsconfig.imports.json', 'package.json'])
    cpSync(fromRoot(file), path.join(tree, file));
  symlinkSync(fromRoot('node_modules'), path.join(tree, 'node_modules'));
  const report = cruise();
  violations = report.summary.violations.map(({ rule, from }) => `${rule.name} ${from}`);
});
afterAll(() => rmSync(tree, { recursive: true, force: true }));

function cruise() {
  const args = ['--config', '.dependency-cruiser.cjs', '--output-type', 'json', 'apps', 'packages'];
  try {
    return JSON.parse(execFileSync(bin('depcruise'), args, { cwd: tree, encoding: 'utf8' }));
  } catch (error) {
    return JSON.parse(error.stdout);
  }
}

describe('the import rules', () => {
  it.each(broken)('%s refuses %s', (rule, file) => {
    expect(violations).toContain(`${rule} ${file}`);
  });

  it('refuse nothing that goes down the steps', () => {
    const clean = allowed.map(([file]) => file).filter((file) => !file.endsWith('platform/c.ts'));
    for (const file of clean) expect(violations.filter((each) => each.endsWith(` ${file}`))).toEqual([]);
  });
});
