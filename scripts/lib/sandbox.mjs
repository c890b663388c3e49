// The simulated cluster beside Fairlead: when it is there, and how the two processes are kept together.
import { rmSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { startNode } from './child.mjs';
import { fromRoot, root } from './paths.mjs';
import { toolEnv } from './run.mjs';
import { sandboxProgram } from './setup.mjs';

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

/**
 * The sandbox beside the API process. It keeps its state in the data folder, and its port where that is free. A first start waits until it answers:
 * a story needs its stage. A later one starts it when the door is open, so that the two do not share the processor, and tells the API when it answers.
 */
export async function openSandbox(lifetime, dataFolder, when) {
  const folder = sandboxFolder(dataFolder);
  const kubeconfig = kubeconfigOf(folder);
  let removed = false;
  const start = () => {
    const sandbox = startNode(fromRoot(sandboxProgram), {
      args: ['--data', folder, '--kubeconfig', kubeconfig, '--ingress', '', ...(when === 'first' ? ['--behind', String(behindMs)] : [])],
      nodeArgs: ['--max-old-space-size=512'],
      cwd: root,
      stdio: 'pipe',
    });
    void sandbox.gone.then((code) => {
      if (!lifetime.ending && !removed) console.error(`The sandbox ended with ${code}; its cluster is away until the next start.`);
    });
    return { sandbox, up: ready(lifetime, sandbox) };
  };
  // What a first start that was cut off left behind belongs to nobody.
  if (when === 'first') rmSync(folder, { recursive: true, force: true });
  let started = when === 'first' ? start() : undefined;
  await started?.up;
  const startLater = (api) => {
    if (started || removed || lifetime.ending) return;
    started = start();
    started.up.then(
      () => api.send({ type: 'sandbox-ready' }),
      (error) => lifetime.ending || console.error(error.message),
    );
  };
  const remove = async () => {
    removed = true;
    await started?.sandbox.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return {
    env: { FAIRLEAD_SANDBOX_KUBECONFIG: kubeconfig, ...(when === 'first' ? { FAIRLEAD_DEMONSTRATION: '1' } : {}) },
    /** What the API process asks for: to start it now, to put its clock forward, to take it away. */
    serve(api) {
      api.onMessage((message) => {
        if (message.type === 'open') startLater(api);
        if (message.type === 'step-sandbox') started?.sandbox.send({ type: 'step', ms: message.ms });
        if (message.type === 'sandbox-removed') void remove();
      });
      started?.sandbox.onMessage((message) => {
        if (message.type === 'stepped') api.send({ type: 'sandbox-stepped' });
      });
    },
  };
}

/** One that keeps nothing, for tests. */
export async function startEphemeralSandbox(lifetime, kubeconfig) {
  const args = ['--ephemeral', '--port', '0', '--ingress', '0', '--kubeconfig', kubeconfig];
  await ready(lifetime, startNode(fromRoot(sandboxProgram), { args, env: toolEnv(), cwd: root, stdio: 'pipe' }));
}

async function ready(lifetime, sandbox) {
  sandbox.stderr.pipe(process.stderr);
  lifetime.add('the sandbox', sandbox.stop, sandbox.force);
  await new Promise((resolve, reject) => {
    sandbox.stdout.on('data', (text) => /ready at/.test(text) && resolve());
    void sandbox.gone.then((code) => reject(new Error(`The sandbox ended with ${code} before it was ready.`)));
  });
}
