import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { createSandbox } from './sandbox.js';
import { writeWhole } from './server/identity.js';

// node dist/main.js [--port N] [--kubeconfig PATH] [--data FOLDER] [--ephemeral] [--nodes N]
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '16643' },
    kubeconfig: { type: 'string' },
    data: { type: 'string', default: path.join(os.homedir(), '.local', 'share', 'fairlead-sandbox') },
    ephemeral: { type: 'boolean', default: false },
    nodes: { type: 'string', default: '3' },
  },
});

const sandbox = createSandbox({
  ...(values.ephemeral ? {} : { folder: path.resolve(values.data) }),
  nodes: Number(values.nodes),
  say: (text) => console.error(`sandbox: ${text}`),
});
const server = await sandbox.listen(Number(values.port));
const kubeconfig = path.resolve(values.kubeconfig ?? path.join(values.ephemeral ? os.tmpdir() : values.data, 'kubeconfig'));
writeWhole(kubeconfig, sandbox.kubeconfig(server));
console.log(`sandbox: ready at ${server} in ${Math.round(process.uptime() * 1000)} ms; kubeconfig: ${kubeconfig}`);

let ending = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    if (ending) process.exit(1);
    ending = true;
    void sandbox.close().then(() => process.exit(0)); // close never rejects: it only ends things
  });
}
