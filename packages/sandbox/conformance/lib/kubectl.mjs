// kubectl as a person runs it, with a kubeconfig and a cache of its own.
import { spawn } from 'node:child_process';

/** Answers {code, stdout, stderr}; never rejects for an exit code. */
export function runKubectl(command, args, { kubeconfig, cache, stdin, env = {}, ms = 60_000 }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      env: { ...process.env, KUBECONFIG: kubeconfig, KUBECACHEDIR: cache, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text;
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), ms);
    child.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code: code ?? signal, stdout, stderr });
    });
    child.stdin.on('error', () => {}); // it may have ended before it read everything
    child.stdin.end(stdin ?? '');
  });
}

/** A kubectl that stays: port-forward, `get -w`, `logs -f`. `stop` ends it. `output()` is what it printed so far. */
export function startKubectl(command, args, { kubeconfig, cache, env = {} }) {
  const child = spawn(command, args, { env: { ...process.env, KUBECONFIG: kubeconfig, KUBECACHEDIR: cache, ...env } });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
  const gone = new Promise((resolve) => {
    child.on('close', resolve);
    child.on('error', resolve);
  });
  return {
    output: () => output,
    write: (text) => child.stdin.write(text),
    gone,
    stop: async () => {
      child.kill('SIGTERM');
      await gone;
    },
  };
}

/** The version of a kubectl, or undefined if there is none that is new enough (1.32). */
export async function usableKubectl(command) {
  try {
    const { stdout } = await runKubectl(command, ['version', '--client', '-o', 'json'], { kubeconfig: '', cache: '' });
    const { gitVersion } = JSON.parse(stdout).clientVersion;
    const [, major, minor] = /^v(\d+)\.(\d+)/.exec(gitVersion);
    return Number(major) > 1 || Number(minor) >= 32 ? gitVersion : undefined;
  } catch {
    return undefined;
  }
}
