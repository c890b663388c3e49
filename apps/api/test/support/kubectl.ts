import { type ChildProcessWithoutNullStreams, execFile, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** FAIRLEAD_KUBECTL, or the machine's own; null when there is none of 1.32 or newer. */
export const kubectlPath: string | null = (() => {
  const candidate = process.env.FAIRLEAD_KUBECTL ?? 'kubectl';
  try {
    const { clientVersion } = JSON.parse(
      execFileSync(candidate, ['version', '--client', '-o', 'json'], { encoding: 'utf8', stdio: 'pipe' }),
    ) as {
      clientVersion: { major: string; minor: string };
    };
    return Number(clientVersion.major) > 1 || Number.parseInt(clientVersion.minor, 10) >= 32 ? candidate : null;
  } catch {
    return null;
  }
})();

export interface KubectlResult {
  code: number;
  stdout: string;
  stderr: string;
}

/** kubectl with one kubeconfig, a cache of its own, and nothing of the machine's configuration. */
export class Kubectl {
  private readonly folder = mkdtempSync(path.join(os.tmpdir(), 'fairlead-kubectl-'));
  private readonly children = new Set<ChildProcessWithoutNullStreams>();

  constructor(
    kubeconfig: string,
    private readonly namespace: string,
  ) {
    writeFileSync(path.join(this.folder, 'config'), kubeconfig, { mode: 0o600 });
  }

  run(args: string[], options: { input?: string; env?: Record<string, string>; timeoutMs?: number } = {}): Promise<KubectlResult> {
    return new Promise((resolve) => {
      const child = execFile(
        kubectlPath ?? 'kubectl',
        this.arguments(args),
        { env: this.environment(options.env), timeout: options.timeoutMs ?? 30_000, maxBuffer: 64 * 1024 * 1024 },
        (error, stdout, stderr) => resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr }),
      );
      child.stdin?.end(options.input ?? '');
    });
  }

  /** stdout of a run that must succeed. */
  async ok(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.run(args);
    if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${code}: ${stderr}`);
    return stdout;
  }

  start(args: string[], env: Record<string, string> = {}): ChildProcessWithoutNullStreams {
    const child = spawn(kubectlPath ?? 'kubectl', this.arguments(args), { env: this.environment(env), stdio: 'pipe' });
    this.children.add(child);
    child.once('exit', () => this.children.delete(child));
    return child;
  }

  close(): void {
    for (const child of this.children) child.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }

  private arguments(args: string[]): string[] {
    return [
      '--kubeconfig',
      path.join(this.folder, 'config'),
      '--cache-dir',
      path.join(this.folder, 'cache'),
      '--namespace',
      this.namespace,
      ...args,
    ];
  }

  private environment(more: Record<string, string> = {}): Record<string, string> {
    return { PATH: process.env.PATH ?? '', HOME: this.folder, KUBE_EDITOR: 'true', ...more };
  }
}
