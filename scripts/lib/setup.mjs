// From a clean clone to something that runs, each step only when its inputs changed.
import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { bin, fromRoot, root } from './paths.mjs';
import { run, toolEnv } from './run.mjs';
import { step } from './steps.mjs';

const common = ['pnpm-lock.yaml', 'tsconfig.base.json'];
const wanted = [20, 19];

/** Ends the command with a clear word on a Node that is too old for what is to be installed. */
export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > wanted[0] || (major === wanted[0] && minor >= wanted[1])) return;
  console.error(`Fairlead needs Node ${wanted.join('.')} or newer; this is ${process.version}. See https://nodejs.org`);
  process.exit(1);
}

export async function install() {
  const manifests = ['apps', 'packages'].flatMap((group) =>
    existsSync(fromRoot(group)) ? readdirSync(fromRoot(group)).map((name) => `${group}/${name}/package.json`) : [],
  );
  await step(
    'install',
    {
      inputs: ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', ...manifests],
      outputs: ['node_modules/.modules.yaml'],
      hint: 'The packages come from the npm registry (or the one of your .npmrc): is it reachable from here? Then try again.',
    },
    () =>
      run('npx', ['--yes', 'pnpm@12.21.0', 'install', '--frozen-lockfile', '--config.confirmModulesPurge=false'], {
        env: toolEnv({ CI: 'true' }),
      }),
  );
}

/** The database client and the packages, which everything else is built and tested on. */
export async function buildPackages() {
  await Promise.all([generate(), buildPackage('shared').then(() => buildPackage('kube'))]);
}

const generate = () =>
  step(
    'generate the database client',
    { inputs: ['prisma/schema.prisma', 'prisma.config.ts', 'pnpm-lock.yaml'], outputs: ['apps/api/src/generated/prisma/client.ts'] },
    () => run(bin('prisma'), ['generate']),
  );

/** It reads its recorded data from the folder above. */
export const sandboxProgram = 'packages/sandbox/dist/program.mjs';

/** The simulated cluster; on kube. */
export const buildSandbox = () =>
  step('build packages sandbox', { inputs: ['packages/sandbox', 'packages/kube', bundler, ...common], outputs: [sandboxProgram] }, () =>
    bundled('packages/sandbox', sandboxProgram),
  );

const bundler = 'scripts/lib/bundle.mjs';

async function bundled(project, file) {
  rmSync(path.dirname(fromRoot(file)), { recursive: true, force: true });
  // Loaded now: its imports come with the install.
  const { bundle } = await import('./bundle.mjs');
  await bundle(project, file);
}

/** To JavaScript and declarations; the types are judged by `npm run check`, which nobody who starts it should have to wait for. */
const compile = (project) => run(bin('tsc'), ['-p', project, '--noCheck']);

const buildPackage = (name) =>
  step(`build packages ${name}`, { inputs: [`packages/${name}`, ...common], outputs: [`packages/${name}/dist/index.js`] }, () =>
    compile(`packages/${name}`),
  );

export const apiBundle = 'apps/api/dist/bundle/main.mjs';

export const buildApi = () =>
  step('build api', { inputs: ['apps/api', 'packages', 'prisma/schema.prisma', bundler, ...common], outputs: [apiBundle] }, () =>
    bundled('apps/api', apiBundle),
  );

export const apiModules = 'apps/api/dist/modules/main.js';

/** File by file, as `npm run dev` watches it. */
export const compileApi = () =>
  step('compile api', { inputs: ['apps/api', 'packages', 'prisma/schema.prisma', ...common], outputs: [apiModules] }, () =>
    compile('apps/api/tsconfig.build.json'),
  );

export const webServer = 'apps/web/.next/standalone/apps/web/server.js';

export const buildWeb = () =>
  step('build web', { inputs: ['apps/web', 'packages/shared', ...common], outputs: ['apps/web/.next/BUILD_ID', webServer] }, async () => {
    await run(bin('next', 'apps/web'), ['build', 'apps/web'], { env: toolEnv({ NODE_ENV: 'production' }), cwd: root });
    // Next leaves these two for a content server, of which there is none.
    for (const [from, to] of [
      ['apps/web/.next/static', 'apps/web/.next/standalone/apps/web/.next/static'],
      ['apps/web/public', 'apps/web/.next/standalone/apps/web/public'],
    ]) {
      rmSync(fromRoot(to), { recursive: true, force: true });
      if (existsSync(fromRoot(from))) cpSync(fromRoot(from), fromRoot(to), { recursive: true });
    }
  });
