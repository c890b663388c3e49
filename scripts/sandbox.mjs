// `npm run sandbox [-- --port N] [-- --data FOLDER | --ephemeral] [-- --nodes N]`: the simulated cluster alone, for kubectl and whatever else speaks to Kubernetes.
// It keeps its state in the data folder, apart from the one that `npm start` has.
import path from 'node:path';
import { startNode } from './lib/child.mjs';
import { openLifetime } from './lib/lifetime.mjs';
import { dataFolder, fromRoot, root } from './lib/paths.mjs';
import { toolEnv } from './lib/run.mjs';
import { buildPackages, buildSandbox, install, requireNode, sandboxProgram } from './lib/setup.mjs';
import { explain } from './lib/steps.mjs';

requireNode();
const lifetime = openLifetime({ interrupted: 0 });
const given = process.argv.slice(2);
const folder = path.join(dataFolder(), 'sandbox-alone');
const kubeconfig = path.join(folder, 'kubeconfig');
const has = (option) => given.some((each) => each === option || each.startsWith(`${option}=`));

try {
  await install();
  await buildPackages();
  await buildSandbox();
  const args = [...(has('--data') ? [] : ['--data', folder]), ...(has('--kubeconfig') ? [] : ['--kubeconfig', kubeconfig]), ...given];
  const sandbox = startNode(fromRoot(sandboxProgram), { args, env: toolEnv(), cwd: root, stdio: 'pipe' });
  lifetime.add('the sandbox', sandbox.stop, sandbox.force);
  sandbox.stderr.pipe(process.stderr);
  sandbox.stdout.once('data', (line) => {
    const written = /kubeconfig: (.*)\n/.exec(String(line))?.[1] ?? kubeconfig;
    console.log(`${line}\n  kubectl --kubeconfig ${written} get nodes\n\nCtrl-C ends it.`);
  });
  const code = await sandbox.gone;
  if (!lifetime.ending) await lifetime.end(code);
} catch (error) {
  if (!lifetime.ending) {
    explain(error);
    await lifetime.end(1);
  }
}
