// `npm run check`: types, lint, import rules, dead code, migrations equal to the schema. One line each; all run even if one fails.

import { runChecks } from './lib/checks.mjs';
import { openLifetime } from './lib/lifetime.mjs';
import { bin } from './lib/paths.mjs';
import { buildPackages, install, requireNode } from './lib/setup.mjs';
import { explain } from './lib/steps.mjs';

requireNode();
const lifetime = openLifetime();
try {
  await install();
  await buildPackages();
  const passed = await runChecks([
    ['types of apps/web', [bin('next', 'apps/web'), ['typegen', 'apps/web']], [bin('tsc'), ['--noEmit', '-p', 'apps/web']]],
    ['types of packages/shared', [bin('tsc'), ['--noEmit', '-p', 'packages/shared/tsconfig.test.json']]],
    ['types of packages/kube', [bin('tsc'), ['--noEmit', '-p', 'packages/kube/tsconfig.test.json']]],
    ['types of packages/sandbox', [bin('tsc'), ['--noEmit', '-p', 'packages/sandbox/tsconfig.test.json']]],
    ['types of apps/api', [bin('tsc'), ['--noEmit', '-p', 'apps/api']]],
    ['lint and format', [bin('biome'), ['check', '--error-on-warnings', '.']]],
    ['import rules', [bin('depcruise'), ['--config', '.dependency-cruiser.cjs', 'packages', 'apps/api', 'apps/web/src', 'scripts']]],
    ['dead code', [bin('knip'), ['--no-progress']]],
    ['migrations equal to the schema', [process.execPath, ['scripts/schema.mjs', 'check']]],
  ]);
  await lifetime.end(passed ? 0 : 1);
} catch (error) {
  if (!lifetime.ending) {
    explain(error);
    await lifetime.end(1);
  }
}
