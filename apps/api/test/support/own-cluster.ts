import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { parseKubeconfig } from '@fairlead/kube';

/** A cluster of one test file, whose API server may be taken away and comes back with all that it had, at the same address. */
export interface OwnCluster {
  /** The administrator's. */
  kubeconfigPath: string;
  stopApiServer(): Promise<void>;
  startApiServer(): Promise<void>;
  remove(): Promise<void>;
}

/** A real one by the testbed that FAIRLEAD_TESTBED names, else a sandbox. */
export const startOwnCluster = (name: string, port: number): Promise<OwnCluster> =>
  process.env.FAIRLEAD_TESTBED ? real(process.env.FAIRLEAD_TESTBED, name, port) : simulated();

async function real(testbedPath: string, name: string, port: number): Promise<OwnCluster> {
  const testbed = async (...args: string[]) => (await promisify(execFile)(testbedPath, args)).stdout.trim();
  await testbed('up', name, '--port', String(port));
  return {
    kubeconfigPath: await testbed('kubeconfig', name),
    stopApiServer: async () => void (await testbed('stop-apiserver', name)),
    startApiServer: async () => void (await testbed('start-apiserver', name)),
    remove: async () => void (await testbed('down', name)),
  };
}

const root = path.join(import.meta.dirname, '../../../..');

async function simulated(): Promise<OwnCluster> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'fairlead-own-cluster-'));
  const kubeconfigPath = path.join(folder, 'kubeconfig');
  let running = await startSandbox(folder, kubeconfigPath, '0');
  const { port } = new URL(parseKubeconfig(readFileSync(kubeconfigPath, 'utf8')).server);
  const stop = async () => {
    if (running.exitCode !== null || running.signalCode !== null) return;
    const gone = once(running, 'exit');
    running.kill();
    await gone;
  };
  return {
    kubeconfigPath,
    stopApiServer: stop,
    startApiServer: async () => {
      running = await startSandbox(folder, kubeconfigPath, port);
    },
    remove: async () => {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Ends with this process, however that ends. */
async function startSandbox(folder: string, kubeconfigPath: string, port: string): Promise<ChildProcess> {
  const child = spawn(
    process.execPath,
    [
      `--import=${path.join(root, 'scripts/lib/with-parent.mjs')}`,
      path.join(root, 'packages/sandbox/dist/program.mjs'),
      ...['--data', folder, '--kubeconfig', kubeconfigPath, '--port', port],
    ],
    { env: { PATH: process.env.PATH, FAIRLEAD_PARENT: String(process.pid) }, stdio: ['ignore', 'pipe', 'inherit', 'ipc'] },
  );
  await new Promise<void>((resolve, reject) => {
    child.stdout?.on('data', (text: Buffer) => text.includes('ready at') && resolve());
    child.once('exit', (code) => reject(new Error(`the sandbox ended with ${code} before it was ready`)));
    child.once('error', reject);
  });
  return child;
}
