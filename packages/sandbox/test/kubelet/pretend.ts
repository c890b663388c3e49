import { simple } from '../../src/kubelet/commands/arguments.js';
import { findProgram } from '../../src/kubelet/commands/find-program.js';
import { programs } from '../../src/kubelet/commands/programs.js';
import { imageOf } from '../../src/kubelet/images/images.js';
import { imageReference } from '../../src/kubelet/images/reference.js';
import { imageRoot } from '../../src/kubelet/images/root.js';
import { GivenInput, sink } from '../../src/kubelet/machine/channel.js';
import { FileSystem } from '../../src/kubelet/machine/file-system.js';
import { Machine } from '../../src/kubelet/machine/machine.js';
import type { Process } from '../../src/kubelet/machine/process.js';
import { MemoryTree } from '../../src/kubelet/machine/tree.js';
import type { Network } from '../../src/kubelet/network/network.js';
import { VirtualClock } from '../../src/machinery/virtual-clock.js';
import { repeatable } from '../support/test-api.js';

export interface Pretend {
  clock: VirtualClock;
  machine: Machine;
  /** What the first process wrote so far, both streams. */
  output(): string;
  first: Process;
  stopped(): { code: number; reason: string } | undefined;
}

const web: Network = {
  resolve: (host) =>
    host === 'web'
      ? { name: 'web.default.svc.cluster.local', addresses: ['10.96.3.4'] }
      : host === 'localhost'
        ? { name: host, addresses: ['127.0.0.1'] }
        : undefined,
  reach: (host, port) => {
    if (host !== 'web') return host === 'localhost' ? { is: 'refused', address: '127.0.0.1' } : { is: 'unknown host' };
    if (port !== 80) return { is: 'refused', address: '10.96.3.4' };
    const answer = (path: string) => ({
      code: path === '/fail' ? 503 : 200,
      headers: { 'Content-Type': 'text/plain' },
      body: Buffer.from(`hello from ${path}\n`),
    });
    return { is: 'open', address: '10.96.3.4', speaks: 'http', ask: ({ path }) => answer(path) };
  },
};

/** A container's machine with this command line as its first process. */
export function pretend(image: string, argv: readonly string[], { stdin = '', memoryLimit = 0 } = {}): Pretend {
  const clock = new VirtualClock();
  const reference = imageReference(image);
  if (typeof reference === 'string') throw new Error(reference);
  const root = new MemoryTree(imageRoot(imageOf(reference), image), clock.now());
  let ended: { code: number; reason: string } | undefined;
  const fs = new FileSystem(root, [], () => clock.now());
  const user = { name: 'root', uid: 0, gid: 0, home: '/root' };
  const facts = {
    hostname: 'web-0',
    node: 'sandbox-0',
    podIP: '10.244.0.7',
    user,
    kernel: '6.12.0-sandbox',
    cores: 8,
    memoryBytes: 2 ** 34,
    memoryLimit: memoryLimit || undefined,
    bootedAt: 0,
  };
  const machine = new Machine(clock, repeatable(1), fs, web, facts, programs, (code, reason) => {
    ended = { code, reason };
  });
  let text = '';
  const out = sink((data) => {
    text += data.toString('utf8');
  });
  const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root', HOSTNAME: 'web-0' };
  const common = { env, cwd: '/', stdin: new GivenInput(Buffer.from(stdin)), stdout: out, stderr: out };
  const nothing = machine.spawn({
    ...common,
    argv: ['init'],
    program: simple(() => 0),
  });
  const program = findProgram(nothing, argv[0] ?? '');
  if (typeof program === 'string') throw new Error(program);
  const second = new Machine(clock, repeatable(1), fs, web, facts, programs, (code, reason) => {
    ended = { code, reason };
  });
  ended = undefined;
  const first = second.spawn({ ...common, argv, program });
  return { clock, machine: second, first, output: () => text, stopped: () => ended };
}
