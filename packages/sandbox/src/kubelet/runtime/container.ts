import type { Clock } from '../../machinery/clock.js';
import { findProgram } from '../commands/find-program.js';
import { programs } from '../commands/programs.js';
import { daemon } from '../commands/services.js';
import type { Image } from '../images/images.js';
import { type Input, nothing, type Output, Pipe, sink } from '../machine/channel.js';
import type { FileSystem } from '../machine/file-system.js';
import { Machine } from '../machine/machine.js';
import type { Process } from '../machine/process.js';
import { Terminal } from '../machine/terminal.js';
import type { Tree } from '../machine/tree.js';
import type { Network, Reached, WebRequest } from '../network/network.js';
import type { Container, Pod } from '../pod.js';
import type { Scene } from '../scenes/scene.js';
import { expanded, hostnameOf } from '../setting/environment.js';
import { containerFiles } from './container-files.js';
import { lastWords } from './last-words.js';
import { Log } from './log.js';
import { machineFacts, uidOf } from './machine-facts.js';
import { type Plan, planOf } from './plan.js';
import { serverLog, shortName } from './server-log.js';
import { accessLine, isWeb, webAnswer } from './servers.js';

export interface NodeFacts {
  name: string;
  address: string;
  cores: number;
  memoryBytes: number;
  kernel: string;
  bootedAt: number;
}

export interface ContainerOptions {
  clock: Clock;
  random: () => number;
  network: Network;
  node: NodeFacts;
  pod: Pod;
  podIP: string;
  container: Container;
  image: Image;
  imageName: string;
  argv: readonly string[];
  env: Readonly<Record<string, string>>;
  volumes: ReadonlyMap<string, Tree>;
  memoryLimit: number | undefined;
  scene: Scene | undefined;
  hasVisitors: () => boolean;
}

export interface Exited {
  code: number;
  oom: boolean;
  message: string;
}

/** Requests are forgotten with this time constant. */
const rateSeconds = 15;

/** One run of one container. It does nothing by itself unless its command does; a server gets its pretend machine when somebody looks into it. */
export class LiveContainer {
  readonly log: Log;
  readonly startedAt: number;
  readonly plan: Plan;
  /** Who watches standard output and error as they come (attach). */
  readonly taps = new Set<(stream: 'stdout' | 'stderr', data: Buffer) => void>();
  readonly stdin: Pipe | undefined;
  readonly terminal: Terminal | undefined;
  private machine: Machine | undefined;
  private files: FileSystem | undefined;
  private undoTimer = () => {};
  private asked = 0;
  private askedAt = 0;
  private exited: Exited | undefined;
  private readonly overListeners = new Set<() => void>();

  constructor(
    private readonly options: ContainerOptions,
    private readonly onExit: (exit: Exited) => void,
  ) {
    const { clock, container, env, image, scene } = options;
    this.startedAt = clock.now();
    const argv = options.argv.map((word) => expanded(word, env));
    this.plan = planOf(image, container, argv, env, scene);
    const { plan, startedAt } = this;
    this.log = plan.is === 'serve' ? serverLog(options, plan, startedAt) : new Log();
    if (container.stdin && container.tty)
      this.terminal = new Terminal(
        (data) => this.output('stdout', data),
        () => this.machine?.processes.values() ?? [],
      );
    else if (container.stdin) {
      this.stdin = new Pipe();
      this.stdin.writeEnd.open?.();
    }
  }

  get fs(): FileSystem {
    this.files ??= containerFiles(this.options, this.startedAt);
    return this.files;
  }

  /** Starts it. Answers what the runtime says where it cannot. */
  begin(): string | undefined {
    const { plan } = this;
    if (plan.is === 'not found') return notFoundMessage(plan.name);
    if (plan.is === 'run') return this.run(plan.argv);
    if (plan.is === 'end') this.undoTimer = this.options.clock.after(plan.afterMs, () => this.scriptedEnd(plan));
    return undefined;
  }

  /** SIGTERM. */
  terminate(): void {
    const first = this.machine?.processes.get(1);
    if (first) first.kill('TERM');
    else if (this.plan.is === 'serve' && !this.plan.deaf) {
      const { endsAfterMs } = this.plan;
      this.undoTimer();
      this.undoTimer = this.options.clock.after(endsAfterMs, () => this.end(0));
    } else if (this.plan.is === 'end') {
      this.undoTimer();
      this.undoTimer = this.options.clock.after(100, () => this.end(143));
    }
  }

  /** SIGKILL. */
  kill(): void {
    this.end(137);
  }

  /** Without anybody noticing: its node is gone, or the sandbox ends. */
  abandon(): void {
    const { isOver } = this;
    this.exited ??= { code: 137, oom: false, message: '' };
    this.undoTimer();
    this.machine?.halt();
    if (!isOver) for (const listener of this.overListeners) listener();
  }

  get isOver(): boolean {
    return this.exited !== undefined;
  }

  /** Calls when it ends. Answers its undo. */
  onOver(listener: () => void): () => void {
    this.overListeners.add(listener);
    return () => this.overListeners.delete(listener);
  }

  reach(port: number): Reached {
    const { plan } = this;
    const address = this.options.podIP;
    const now = this.options.clock.now();
    if (plan.is !== 'serve' || this.isOver || now < this.startedAt + plan.listensAfterMs || !this.ports().includes(port))
      return { is: 'refused', address };
    if (!isWeb(plan.kind)) return { is: 'open', address, speaks: 'other' };
    return { is: 'open', address, speaks: 'http', ask: (request) => this.ask(request) };
  }

  /** Starts a program in the container; a string says why it cannot. */
  exec(argv: readonly string[], io: { stdin?: Input; stdout: Output; stderr: Output; terminal?: Terminal }): Process | string {
    const [name = ''] = argv;
    const machine = this.machineNow();
    const first = machine.processes.get(1);
    const found = first ? findProgram(first, name) : 'not found';
    if (typeof found === 'string') return notFoundMessage(name, found);
    const env = { ...this.programEnv(), ...(io.terminal ? { TERM: 'xterm' } : {}) };
    const cwd = this.workingDir();
    const { stdin = nothing, stdout, stderr, terminal } = io;
    return machine.spawn({ argv, program: found, env, cwd, stdin, stdout, stderr, terminal });
  }

  /** Processes, for what a terminal's Ctrl-C goes to. */
  processes(): Iterable<Process> {
    return this.machine?.processes.values() ?? [];
  }

  /** An id as containerd makes them. */
  newId(): string {
    return Array.from({ length: 64 }, () => Math.floor(this.options.random() * 16).toString(16)).join('');
  }

  get busy(): boolean {
    return this.machine?.busy ?? false;
  }

  /** What it was asked lately. */
  get requestsPerSecond(): number {
    const seconds = (this.options.clock.now() - this.askedAt) / 1000;
    return (this.asked * Math.exp(-seconds / rateSeconds)) / rateSeconds;
  }

  get coresPerRequest(): number {
    return this.plan.is === 'serve' && this.plan.kind === 'cpu' ? 0.01 : 0.0005;
  }

  /** Resident memory: its image's share, what its programs hold, and what a scene makes of it. Never beyond its limit. */
  memoryInUse(now: number, load: number): number {
    const { image, memoryLimit = Number.POSITIVE_INFINITY } = this.options;
    const age = now - this.startedAt;
    const grown = 1 + 0.15 * (1 - Math.exp(-age / 3600_000)) + Math.min(load, 2);
    const used = image.memoryMib * 2 ** 20 * grown + (this.machine?.memory ?? 0);
    const leaked = this.plan.is === 'end' && this.plan.oom ? (age / this.plan.afterMs) * Math.min(memoryLimit, 256 * 2 ** 20) : 0;
    return Math.min(used + leaked, memoryLimit * 0.98);
  }

  output(stream: 'stdout' | 'stderr', data: Buffer): void {
    this.log.write(this.options.clock.now(), stream, data.toString('utf8'));
    for (const tap of this.taps) tap(stream, data);
  }

  private ask(request: WebRequest) {
    const { options, plan } = this;
    if (plan.is !== 'serve') throw new Error('it serves nothing');
    const root = plan.kind === 'nginx' ? '/usr/share/nginx/html' : '/usr/local/apache2/htdocs';
    const answer = webAnswer(
      {
        kind: plan.kind,
        hostname: hostnameOf(options.pod),
        image: shortName(options.imageName),
        env: options.env,
        args: options.argv,
        page: (path) => (plan.kind === 'nginx' || plan.kind === 'httpd' ? this.page(`${root}${path}`) : undefined),
        crash: (code) => void options.clock.after(0, () => this.end(code)),
      },
      request,
    );
    // The kubelet's probes are in the log already.
    if (request.agent.startsWith('kube-probe')) return answer;
    this.asked = this.requestsPerSecond * rateSeconds + 1;
    this.askedAt = options.clock.now();
    const line = accessLine(plan.kind, options.clock.now(), request, answer.code, answer.body.length);
    this.log.write(line.at, line.stream, `${line.text}\n`);
    return answer;
  }

  private page(path: string): Buffer | undefined {
    // Nobody has looked into its files, and no volume lies over them: they are the image's, which the server knows.
    const isImages = !this.files && !this.options.container.volumeMounts?.some((each) => path.startsWith(each.mountPath));
    if (isImages && path.endsWith('/html/')) return undefined;
    const entry = this.fs.stat(path);
    const file = entry?.type === 'directory' ? `${path.replace(/\/$/, '')}/index.html` : path;
    return this.fs.stat(file)?.type === 'file' ? this.fs.read(file) : undefined;
  }

  private ports(): readonly number[] {
    if (this.plan.is !== 'serve') return [];
    const configured = this.options.container.volumeMounts?.some((each) => each.mountPath.startsWith('/etc/nginx'));
    if (this.plan.kind !== 'nginx' || !configured) return this.plan.ports;
    const files = [
      '/etc/nginx/nginx.conf',
      ...(this.fs.isDirectory('/etc/nginx/conf.d') ? this.fs.list('/etc/nginx/conf.d').map((name) => `/etc/nginx/conf.d/${name}`) : []),
    ];
    const text = files.map((file) => (this.fs.stat(file) ? this.fs.read(file).toString('utf8') : '')).join('\n');
    return [...text.matchAll(/^\s*listen\s+(?:[\w.[\]:]*:)?(\d+)/gm)].map((match) => Number(match[1]));
  }

  private run(argv: readonly string[]): string | undefined {
    const machine = this.newMachine();
    const [name = ''] = argv;
    // Looked up as the first process would; nothing of it stays where it is not found.
    const probe = {
      machine,
      fs: machine.fs,
      env: this.programEnv(),
      path: (each: string) => (each.startsWith('/') ? each : `${this.workingDir()}/${each}`),
    };
    const program = findProgram(probe, name);
    if (typeof program === 'string') return notFoundMessage(name, program);
    this.machine = machine;
    const stdout = this.terminal ?? sink((data) => this.output('stdout', data));
    const stderr = this.terminal ?? sink((data) => this.output('stderr', data));
    const stdin = this.terminal ?? this.stdin?.readEnd ?? nothing;
    // It runs in a turn of its own: its start is told before its end.
    this.undoTimer = this.options.clock.after(0, () => {
      machine.spawn({ argv, program, env: this.programEnv(), cwd: this.workingDir(), stdin, stdout, stderr, terminal: this.terminal });
    });
    return undefined;
  }

  private machineNow(): Machine {
    if (this.machine?.processes.has(1)) return this.machine;
    const machine = this.newMachine();
    this.machine = machine;
    const { plan } = this;
    const title = plan.is === 'serve' && plan.kind === 'nginx' ? ['nginx: master process nginx -g daemon off;'] : this.options.argv;
    const program = plan.is === 'serve' && !plan.deaf ? daemon(plan.endsAfterMs) : daemon(Number.POSITIVE_INFINITY);
    const common = {
      env: this.programEnv(),
      cwd: this.workingDir(),
      stdin: nothing,
      stdout: sink((data) => this.output('stdout', data)),
      stderr: sink((data) => this.output('stderr', data)),
    };
    const first = machine.spawn({ ...common, argv: title, program });
    if (plan.is === 'serve' && plan.kind === 'nginx')
      machine.spawn({ ...common, argv: ['nginx: worker process'], program: daemon(0), parent: first });
    return machine;
  }

  private newMachine(): Machine {
    const { clock, random, network } = this.options;
    const facts = machineFacts(this.options, this.fs);
    return new Machine(clock, random, this.fs, network, facts, programs, (code, reason) => this.end(code, reason === 'oom'));
  }

  private programEnv(): Record<string, string> {
    return { ...this.options.env, HOME: this.options.env.HOME ?? (uidOf(this.options) === 0 ? '/root' : '/') };
  }

  private workingDir(): string {
    return this.options.container.workingDir ?? this.options.image.workingDir;
  }

  private scriptedEnd({ exitCode, words, oom }: Extract<Plan, { is: 'end' }>): void {
    if (words) this.output(exitCode === 0 ? 'stdout' : 'stderr', Buffer.from(`${words}\n`));
    this.end(exitCode, oom);
  }

  private end(code: number, oom = false): void {
    if (this.exited) return;
    this.undoTimer();
    this.exited = { code, oom, message: '' };
    this.machine?.halt();
    this.log.close(this.options.clock.now());
    this.exited.message = lastWords(this.options.container, this.files, this.log, code, this.options.clock.now());
    this.stdin?.writeEnd.close?.();
    this.onExit(this.exited);
    for (const listener of this.overListeners) listener();
  }
}

/** runc's words. */
export function notFoundMessage(name: string, found = 'not found'): string {
  if (found === 'Permission denied' || found === 'Is a directory') return `exec: "${name}": ${found.toLowerCase()}`;
  return name.includes('/')
    ? `exec: "${name}": stat ${name}: no such file or directory`
    : `exec: "${name}": executable file not found in $PATH`;
}
