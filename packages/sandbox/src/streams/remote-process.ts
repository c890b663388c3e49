import type { Nodes } from '../kubelet/index.js';
import { type Input, Pipe, sink } from '../kubelet/machine/channel.js';
import type { Process } from '../kubelet/machine/process.js';
import { Terminal } from '../kubelet/machine/terminal.js';
import type { Pod } from '../kubelet/pod.js';
import type { LiveContainer } from '../kubelet/runtime/container.js';
import type { ConnectRequest } from './handler.js';
import { containerOf, runtimeOf } from './pods.js';

/** What the other end of an exec or an attach is spoken to through. */
export interface Channels {
  stdout(data: Buffer): void;
  stderr(data: Buffer): void;
  /** What the API server's translator puts before the kubelet's words. */
  prefix: string;
  /** How it ended; the last thing that is said. */
  end(status: object): void;
}

/** What may come from there. */
export interface Remote {
  stdin(data: Buffer | undefined): void;
  resize(columns: number, rows: number): void;
  /** The person went away. */
  gone(): void;
}

/** What is asked for; from the query. Throws 400. */
export interface Wanted {
  attach: boolean;
  command: readonly string[];
  stdin: boolean;
  stdout: boolean;
  stderr: boolean;
  tty: boolean;
}

const truth = (query: URLSearchParams, key: string): boolean => ['true', '1'].includes(query.get(key) ?? '');

export const wanted = ({ query, subresource }: ConnectRequest): Wanted => ({
  attach: subresource === 'attach',
  command: query.getAll('command'),
  stdin: truth(query, 'stdin'),
  stdout: truth(query, 'stdout'),
  stderr: truth(query, 'stderr'),
  tty: truth(query, 'tty'),
});

/** Where it goes to: a container that runs, or why there is none, in the kubelet's words. Throws 400 for a container that the pod does not have. */
export function target(nodes: Nodes, { parent, query }: ConnectRequest): LiveContainer | string {
  const pod = parent as unknown as Pod;
  const container = containerOf(pod, query.get('container'));
  const missing = `unable to upgrade connection: container not found (${JSON.stringify(container.name)})`;
  const live = runtimeOf(nodes, pod)?.live.get(container.name);
  return live && !live.isOver ? live : missing;
}

/** Starts it. */
export function runRemote(live: LiveContainer, options: Wanted, channels: Channels): Remote {
  return options.attach ? attach(live, options, channels) : exec(live, options, channels);
}

function exec(live: LiveContainer, { command, stdin, tty }: Wanted, channels: Channels): Remote {
  const pipe = stdin && !tty ? new Pipe() : undefined;
  pipe?.writeEnd.open?.();
  const own = new Set<Process>();
  const terminal = tty ? new Terminal(channels.stdout, () => descendants(own)) : undefined;
  const input: Input | undefined = terminal ?? pipe?.readEnd;
  const started = live.exec(command, {
    ...(input ? { stdin: input } : {}),
    stdout: terminal ?? sink(channels.stdout),
    stderr: terminal ?? sink(channels.stderr),
    ...(terminal ? { terminal } : {}),
  });
  if (typeof started === 'string') {
    const why = command.length === 0 ? 'args must not be empty' : `unable to start container process: ${started}`;
    const refused = `failed to exec in container: failed to start exec ${JSON.stringify(live.newId())}: OCI runtime exec failed: exec failed: ${why}: unknown`;
    channels.end(failure(`${channels.prefix}error executing command in container: ${refused}`));
    return { stdin: () => {}, resize: () => {}, gone: () => {} };
  }
  own.add(started);
  const finish = (): void => channels.end(exitStatus(started.exitCode ?? 0));
  if (started.exitCode !== undefined) finish();
  else started.onExit(finish);
  let closed = false;
  return {
    stdin(data) {
      if (terminal) {
        if (data) terminal.type(data);
      } else if (data && !closed) {
        if (started.exitCode === undefined) pipe?.writeEnd.write(data);
      } else if (!data && !closed) {
        closed = true;
        pipe?.writeEnd.close?.();
      }
    },
    resize: (columns, rows) => terminal?.resize(columns, rows),
    gone() {
      if (terminal) terminal.hangUp();
      else if (!closed) pipe?.writeEnd.close?.();
      closed = true;
    },
  };
}

function descendants(own: Iterable<Process>): Process[] {
  const all: Process[] = [];
  const visit = (process: Process): void => {
    if (process.exitCode === undefined) all.push(process);
    for (const child of process.children) visit(child);
  };
  for (const process of own) visit(process);
  return all;
}

function attach(live: LiveContainer, { stdin, stdout, stderr }: Wanted, channels: Channels): Remote {
  const tap = (stream: 'stdout' | 'stderr', data: Buffer): void => {
    if (stream === 'stdout' && stdout) channels.stdout(data);
    if (stream === 'stderr' && stderr) channels.stderr(data);
  };
  live.taps.add(tap);
  const undo = live.onOver(() => {
    live.taps.delete(tap);
    channels.end(exitStatus(0));
  });
  return {
    stdin(data) {
      if (!stdin || live.isOver) return;
      if (live.terminal) {
        if (data) live.terminal.type(data);
      } else if (data) live.stdin?.writeEnd.write(data);
    },
    resize: (columns, rows) => live.terminal?.resize(columns, rows),
    gone() {
      live.taps.delete(tap);
      undo();
    },
  };
}

const exitStatus = (code: number): object =>
  code === 0
    ? { metadata: {}, status: 'Success' }
    : {
        metadata: {},
        status: 'Failure',
        message: `command terminated with non-zero exit code: command terminated with exit code ${code}`,
        reason: 'NonZeroExitCode',
        details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
      };

export const failure = (message: string): object => ({
  metadata: {},
  status: 'Failure',
  message: `Internal error occurred: ${message}`,
  reason: 'InternalError',
  details: { causes: [{ message }] },
  code: 500,
});
