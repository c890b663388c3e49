import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { beFrugal, beQuick } from './frugal-heap.js';
import { SteppedClock } from './machinery/stepped-clock.js';
import { createSandbox } from './sandbox.js';
import { writeWhole } from './server/identity.js';

beQuick();

// node dist/program.mjs [--port N] [--kubeconfig PATH] [--data FOLDER] [--ephemeral] [--nodes N] [--ingress PORT] [--behind MS]
const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    kubeconfig: { type: 'string' },
    data: { type: 'string', default: path.join(os.homedir(), '.local', 'share', 'fairlead-sandbox') },
    ephemeral: { type: 'boolean', default: false },
    nodes: { type: 'string', default: '3' },
    ingress: { type: 'string' },
    behind: { type: 'string', default: '0' },
  },
});

// Begins in the past and is put forward by its parent process: history that is made in seconds.
const stepped = Number(values.behind) > 0 ? new SteppedClock(Number(values.behind)) : undefined;
process.on('message', (message: { type?: unknown; ms?: unknown }) => {
  if (message.type !== 'step') return;
  stepped?.step(Number(message.ms));
  process.send?.({ type: 'stepped' });
});

const sandbox = createSandbox({
  ...(stepped ? { clock: stepped } : {}),
  ...(values.ephemeral ? {} : { folder: path.resolve(values.data) }),
  nodes: Number(values.nodes),
  say: (text) => console.error(`sandbox: ${text}`),
});
const server = await preferring(values.port, 16643, (port) => sandbox.listen(port));
// What is kept nowhere else has a folder of its own, that nobody can have prepared.
const temporary =
  values.ephemeral && values.kubeconfig === undefined ? mkdtempSync(path.join(os.tmpdir(), 'fairlead-sandbox-')) : undefined;
const kubeconfig = path.resolve(values.kubeconfig ?? path.join(temporary ?? values.data, 'kubeconfig'));
if (temporary) process.on('exit', () => rmSync(temporary, { recursive: true, force: true }));
writeWhole(kubeconfig, sandbox.kubeconfig(server));
if (values.ingress !== undefined)
  console.log(`sandbox: ingresses at ${await preferring(values.ingress || undefined, 16680, (port) => sandbox.listenIngress(port))}`);
console.log(`sandbox: ready at ${server} in ${Math.round(process.uptime() * 1000)} ms; kubeconfig: ${kubeconfig}`);

beFrugal();

// A mistake in one controller is told, and does not take the cluster away.
process.on('uncaughtException', (error) => console.error('sandbox: a mistake of its own:', error));

let ending = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    if (ending) process.exit(1);
    ending = true;
    void sandbox.close().then(() => process.exit(0)); // close never rejects: it only ends things
  });
}

/** On the port asked for, or on the usual one, or, where somebody else has that, on any. */
async function preferring(given: string | undefined, usual: number, listen: (port: number) => Promise<string>): Promise<string> {
  if (given !== undefined) return listen(Number(given));
  return listen(usual).catch(() => listen(0));
}
