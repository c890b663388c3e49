import type { Clock } from '../../machinery/clock.js';
import type { Network } from '../network/network.js';
import type { FileSystem } from './file-system.js';
import { Exit, Process, type ProcessOptions, type Programs } from './process.js';

export interface Facts {
  hostname: string;
  node: string;
  podIP: string;
  user: { name: string; uid: number; gid: number; home: string };
  kernel: string;
  cores: number;
  memoryBytes: number;
  /** Of the container; beyond it the kernel kills. */
  memoryLimit: number | undefined;
  bootedAt: number;
}

const commonMemoryLimit = 64 * 1024 * 1024;

/** One container's pretend Linux: processes that take turns on the clock. Nothing runs while they all wait. */
export class Machine {
  readonly processes = new Map<number, Process>();
  private pid = 0;
  private readonly queue: Process[] = [];
  private running = false;
  private outOfMemory = false;
  private over = false;
  /** Whose turn it is. */
  current: Process | undefined;
  private burntMs = 0;
  private burntUntil = 0;

  constructor(
    readonly clock: Clock,
    readonly random: () => number,
    readonly fs: FileSystem,
    readonly network: Network,
    readonly facts: Facts,
    /** What its files can be, by their names. */
    readonly programs: Programs,
    /** The first process ended, and with it everything. */
    private readonly stopped: (code: number, reason: 'exit' | 'oom') => void,
  ) {}

  nextPid(): number {
    this.pid += 1;
    return this.pid;
  }

  spawn(options: ProcessOptions): Process {
    const process = new Process(this, options);
    this.processes.set(process.pid, process);
    this.ready(process);
    return process;
  }

  /** It runs in this turn, after those that are waiting for theirs. */
  ready(process: Process): void {
    if (!this.queue.includes(process)) this.queue.push(process);
    if (this.running) return;
    this.running = true;
    try {
      for (let next = this.queue.shift(); next; next = this.queue.shift()) {
        this.current = next;
        next.run();
        this.current = undefined;
        if (this.outOfMemory) this.stop(137, 'oom');
      }
    } finally {
      this.current = undefined;
      this.running = false;
    }
  }

  /** Its first process is killed. */
  halt(): void {
    for (const process of [...this.processes.values()].reverse()) process.kill('KILL');
  }

  ended(process: Process): void {
    this.processes.delete(process.pid);
    if (process.pid === 1) this.stop(process.exitCode ?? 0, this.outOfMemory ? 'oom' : 'exit');
  }

  /** Asks whether that much fits; where it does not, everything is killed as the kernel does it. What is not `pretended` is really held here. */
  claimMemory(bytes: number, pretended = false): void {
    const whole = pretended ? this.facts.memoryBytes : commonMemoryLimit;
    if (bytes <= Math.min(this.facts.memoryLimit ?? whole, whole)) return;
    this.outOfMemory = true;
    throw new Exit(137);
  }

  private stop(code: number, reason: 'exit' | 'oom'): void {
    if (this.over) return;
    this.over = true;
    this.halt();
    this.stopped(code, reason);
  }

  burn(ms: number): void {
    this.burntMs += ms;
    this.burntUntil = this.clock.now() + ms;
  }

  /** Whether some program has a core for itself now. */
  get busy(): boolean {
    return this.burntUntil >= this.clock.now() && this.burntMs > 50;
  }

  get memory(): number {
    let bytes = 0;
    for (const process of this.processes.values()) bytes += process.memory + 900_000;
    return bytes;
  }
}
