// `node run.mjs --kubeconfig FILE [word…]`: the cases whose name has every word. See README.md.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { runCases } from './lib/run-cases.mjs';
import { openTarget } from './lib/target.mjs';

const { values, positionals } = parseArgs({
  options: { kubeconfig: { type: 'string' }, list: { type: 'boolean' }, slow: { type: 'boolean' } },
  allowPositionals: true,
});

const folder = path.join(import.meta.dirname, 'cases');
const files = readdirSync(folder).filter((name) => name.endsWith('.mjs'));
const suites = (await Promise.all(files.map(async (name) => (await import(pathToFileURL(path.join(folder, name)).href)).default))).flat();

if (values.list) {
  for (const suite of suites)
    for (const one of suite.cases) console.log(`${suite.name}: ${one.title}${one.needs.map((n) => ` [${n}]`).join('')}`);
  process.exit(0);
}
if (!values.kubeconfig) throw new Error('which cluster? --kubeconfig FILE');

const target = await openTarget(values.kubeconfig);
console.log(`${target.version} at ${target.client.access.server}; it can: ${[...target.can].join(', ') || 'none of the optional things'}`);
const result = await runCases(suites, target, {
  filter: positionals,
  concurrency: Number(process.env.FAIRLEAD_CONFORMANCE_CONCURRENCY ?? 8),
  tell: ({ name, error }) => console.log(`FAILED ${name}\n      ${error.name === 'Mismatch' ? error.message : error.stack}`),
  slow: values.slow,
});
if (values.slow) for (const { name, ms } of result.times.slice(0, 30)) console.log(`${(ms / 1000).toFixed(1).padStart(6)} s  ${name}`);
console.log(`${result.passed} passed, ${result.failed} failed, ${result.skipped} skipped`);
process.exit(result.failed > 0 ? 1 : 0);
