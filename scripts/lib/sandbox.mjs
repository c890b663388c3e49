// The simulated cluster beside Fairlead: when it is there, and how the two processes are kept together.
import { rmSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { startNode } from './child.mjs';
import { fromRoot, root } from './paths.mjs';
import { toolEnv } from './run.mjs';

export const sandboxFolder = (dataFolder) => path.join(dataFolder, 'sandbox');
const kubeconfigOf = (folder) => path.join(folder, 'kubeconfig');
/** How long ago the demonstration begins; the API's own clock begins there as well (apps/api/src/demonstration/story.ts). */
const behindMs = 62 * 60_000;

/**
 * Does this start have a sandbox? `first`: it is made now, with its demonstration; `again`: it is remembered; else undefined.
 * Only a first start on a database of ours makes one, and only where no other cluster is given; once removed it stays away.
 */
export async function sandboxWanted(databaseUrl, { declined, ownDatabase, otherCluster }) {
  if (declined || ownDatabase) return undefined;
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows: remembered } = await client.query("SELECT value->>'state' AS state FROM settings WHERE key = 'sandbox'");
    if (remembered[0]) return remembered[0].state === 'on' ? 'again' : undefined;
    const { rows } = await client.query('SELECT count(*)::int AS count FROM principals');
    return rows[0].count === 0 && !otherCluster ? 'first' : undefined;
  } finally {
    await client.end();
  }
}

/** Starts it and waits until it answers. It keeps its state in the data folder, and its port where that is free. */
export async function startSandbox(lifetime, dataFolder, when) {
  const folder = sandboxFolder(dataFolder);
  const kubeconfig = kubeconfigOf(folder);
  // What a first start that was cut off left behind belongs to nobody.
  if (when === 'first') rmSync(folder, { recursive: true, force: true });
  const sandbox = startNode(fromRoot('packages/sandbox/dist/main.js'), {
    args: ['--data', folder, '--kubeconfig', kubeconfig, '--ingress', '', ...(when === 'first' ? ['--behind', String(behindMs)] : [])],
    nodeArgs: ['--max-old-space-size=512'],
    cwd: root,
    stdio: 'pipe',
  });
  const up = ready(lifetime, sandbox);
  // A story needs its stage; a later start goes on meanwhile, and the API hears when the sandbox answers.
  if (when === 'first') await up;
  else up.catch((error) => console.error(error.message));
  void sandbox.gone.then((code) => {
    if (!lifetime.ending && !sandbox.removed) console.error(`The sandbox ended with ${code}; its cluster is away until the next start.`);
  });
  return {
    env: { FAIRLEAD_SANDBOX_KUBECONFIG: kubeconfig, ...(when === 'first' ? { FAIRLEAD_DEMONSTRATION: '1' } : {}) },
    /** What the API process asks for: to put the sandbox's clock forward, or to take it away. */
    serve(api) {
      if (when === 'again')
        up.then(
          () => api.send({ type: 'sandbox-ready' }),
          () => {}, // said already
        );
      api.onMessage((message) => {
        if (message.type === 'step-sandbox') sandbox.send({ type: 'step', ms: message.ms });
        if (message.type === 'sandbox-removed') {
          sandbox.removed = true;
          void sandbox.stop().then(() => rmSync(folder, { recursive: true, force: true }));
        }
      });
      sandbox.onMessage((message) => {
        if (message.type === 'stepped') api.send({ type: 'sandbox-stepped' });
      });
    },
  };
}

/** One that keeps nothing, for tests. */
export async function startEphemeralSandbox(lifetime, kubeconfig) {
  const args = ['--ephemeral', '--port', '0', '--ingress', '0', '--kubeconfig', kubeconfig];
  await ready(lifetime, startNode(fromRoot('packages/sandbox/dist/main.js'), { args, env: toolEnv(), cwd: root, stdio: 'pipe' }));
}

async function ready(lifetime, sandbox) {
  sandbox.stderr.pipe(process.stderr);
  lifetime.add('the sandbox', sandbox.stop, sandbox.force);
  await new Promise((resolve, reject) => {
    sandbox.stdout.on('data', (text) => /ready at/.test(text) && resolve());
    void sandbox.gone.then((code) => reject(new Error(`The sandbox ended with ${code} before it was ready.`)));
  });
}
