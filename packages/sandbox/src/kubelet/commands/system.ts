import type { Process, Program, Signal } from '../machine/process.js';
import { signalNumbers } from '../machine/process.js';
import { flagsOf, lines, nameOf, simple } from './arguments.js';
import { findProgram } from './find-program.js';
import { printed } from './printf.js';
import { holds } from './test.js';

const two = (value: number): string => String(value).padStart(2, '0');
const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** strftime, UTC. */
export function formatTime(ms: number, format: string): string {
  const at = new Date(ms);
  const hour = at.getUTCHours();
  const fields: Readonly<Record<string, () => string>> = {
    Y: () => String(at.getUTCFullYear()),
    y: () => two(at.getUTCFullYear() % 100),
    m: () => two(at.getUTCMonth() + 1),
    d: () => two(at.getUTCDate()),
    e: () => String(at.getUTCDate()).padStart(2),
    H: () => two(hour),
    I: () => two(hour % 12 || 12),
    M: () => two(at.getUTCMinutes()),
    S: () => two(at.getUTCSeconds()),
    N: () => `${String(at.getUTCMilliseconds()).padStart(3, '0')}000000`,
    s: () => String(Math.floor(ms / 1000)),
    a: () => days[at.getUTCDay()] ?? '',
    b: () => months[at.getUTCMonth()] ?? '',
    p: () => (hour < 12 ? 'AM' : 'PM'),
    Z: () => 'UTC',
    z: () => '+0000',
    n: () => '\n',
    T: () => formatTime(ms, '%H:%M:%S'),
    F: () => formatTime(ms, '%Y-%m-%d'),
    D: () => formatTime(ms, '%m/%d/%y'),
    R: () => formatTime(ms, '%H:%M'),
    c: () => formatTime(ms, '%a %b %e %T %Y'),
    '%': () => '%',
  };
  return format.replace(/%([a-zA-Z%])/g, (whole, letter: string) => fields[letter]?.() ?? whole);
}

const date = simple((process) => {
  const { flags, operands } = flagsOf(process.argv, 'd', ['date']);
  const given = flags.get('d') ?? flags.get('date');
  const at =
    given === undefined || given === 'now' ? process.now : given.startsWith('@') ? Number(given.slice(1)) * 1000 : Date.parse(given);
  if (Number.isNaN(at)) {
    process.complain(`date: invalid date '${given}'\n`);
    return 1;
  }
  const format = operands.find((word) => word.startsWith('+'))?.slice(1);
  const iso = flags.has('I') ? '%Y-%m-%d' : flags.has('R') ? '%a, %d %b %Y %H:%M:%S +0000' : '%a %b %e %H:%M:%S UTC %Y';
  process.write(`${formatTime(at, format ?? iso)}\n`);
  return 0;
});

const sleep: Program = function* (process) {
  const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
  let seconds = 0;
  for (const word of process.argv.slice(1)) {
    const match = /^(\d+(?:\.\d*)?|\.\d+)([smhd]?)$/.exec(word);
    if (word === 'infinity' || word === 'inf') seconds = Number.POSITIVE_INFINITY;
    else if (match) seconds += Number(match[1]) * (units[match[2] || 's'] ?? 1);
    else {
      process.complain(`sleep: invalid number '${word}'\n`);
      return 1;
    }
  }
  if (process.argv.length === 1) {
    process.complain('BusyBox v1.36.1 multi-call binary.\n\nUsage: sleep [N]...\n');
    return 1;
  }
  while (seconds === Number.POSITIVE_INFINITY) yield () => () => {};
  yield* process.sleep(seconds * 1000);
  return 0;
};

const uname = simple((process) => {
  const { flags } = flagsOf(process.argv);
  const { hostname, kernel } = process.machine.facts;
  const version = '#1 SMP PREEMPT_DYNAMIC Thu Jan  1 00:00:00 UTC 2026';
  const all: readonly (readonly [string, string])[] = [
    ['s', 'Linux'],
    ['n', hostname],
    ['r', kernel],
    ['v', version],
    ['m', 'x86_64'],
    ['o', 'GNU/Linux'],
  ];
  const wanted = flags.has('a') ? 'snrvmo' : [...flags.keys()].join('') || 's';
  process.write(
    `${all
      .filter(([letter]) => wanted.includes(letter))
      .map(([, value]) => value)
      .join(' ')}\n`,
  );
});

const clock = (ms: number): string => `${two(new Date(ms).getUTCHours())}:${two(new Date(ms).getUTCMinutes())}`;

const ps = simple((process) => {
  const all = [...process.machine.processes.values()].sort((a, b) => a.pid - b.pid);
  const given = process.argv.slice(1).join('').replaceAll('-', '');
  const commandOf = (each: Process): string => (each.argv[0]?.includes(': ') ? each.argv[0] : each.argv.join(' '));
  const { user } = process.machine.facts;
  const tty = (each: Process): string => (each.terminal ? 'pts/0' : '?');
  if (given.startsWith('aux')) {
    const rows = all.map(
      (each) =>
        `${user.name.padEnd(8)} ${String(each.pid).padStart(7)}  0.0  0.0   4364  ${String(1000 + each.pid).padStart(5)} ${tty(each).padEnd(8)} ${each === process ? 'R+' : 'Ss'}   ${clock(each.startedAt)}   0:00 ${commandOf(each)}`,
    );
    process.write(lines(['USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND', ...rows]));
  } else if (given.includes('f') || given.includes('e')) {
    const rows = all.map(
      (each) =>
        `${user.name.padEnd(8)} ${String(each.pid).padStart(7)} ${String(each.parent?.pid ?? 0).padStart(7)}  0 ${clock(each.startedAt)} ${tty(each).padEnd(8)} 00:00:00 ${commandOf(each)}`,
    );
    process.write(lines(['UID          PID    PPID  C STIME TTY          TIME CMD', ...rows]));
  } else if (process.fs.stat('/bin/busybox')) {
    process.write(
      lines([
        'PID   USER     TIME  COMMAND',
        ...all.map((each) => `${String(each.pid).padStart(5)} ${user.name.padEnd(8)}  0:00 ${commandOf(each)}`),
      ]),
    );
  } else {
    const own = all.filter((each) => each.terminal === process.terminal);
    process.write(
      lines([
        '    PID TTY          TIME CMD',
        ...own.map((each) => `${String(each.pid).padStart(7)} ${tty(each).padEnd(8)} 00:00:00 ${(each.argv[0] ?? '').split('/').pop()}`),
      ]),
    );
  }
});

const env: Program = function* (process) {
  const words = process.argv.slice(1);
  const given: Record<string, string> = { ...process.env };
  while (words[0] && /^[A-Za-z_]\w*=/.test(words[0])) {
    const [name = '', value = ''] = (words.shift() ?? '').split(/=([\s\S]*)/);
    given[name] = value;
  }
  if (words.length === 0) {
    process.write(lines(Object.entries(given).map(([name, value]) => `${name}=${value}`)));
    return 0;
  }
  return yield* become(process, words, given);
};

/** Runs a command line in the process's place. */
function* become(process: Process, argv: readonly string[], given: Readonly<Record<string, string>> = process.env) {
  const program = findProgram(process, argv[0] ?? '');
  if (typeof program === 'string') {
    process.complain(`${nameOf(process)}: ${argv[0]}: ${program === 'not found' ? 'No such file or directory' : program}\n`);
    return 127;
  }
  const { cwd, stdin, stdout, stderr } = process;
  const child = process.machine.spawn({ argv, program, env: given, cwd, stdin, stdout, stderr, parent: process });
  const undo = forwardSignals(process, child);
  const code = yield* process.waitFor(child);
  undo();
  return code;
}

function forwardSignals(process: Process, child: Process): () => void {
  const forwarded: readonly Signal[] = ['TERM', 'INT', 'HUP', 'QUIT'];
  for (const signal of forwarded) process.handlers.set(signal, () => child.kill(signal));
  return () => {
    for (const signal of forwarded) process.handlers.delete(signal);
  };
}

const timeout: Program = function* (process) {
  const { operands } = flagsOf(process.argv.slice(0, 1).concat(process.argv.slice(1).filter((word) => !/^-[sk]/.test(word))), 'sk');
  const [limit = '0', ...argv] = operands.length > 0 ? process.argv.slice(process.argv.indexOf(operands[0] ?? '')) : [];
  const program = findProgram(process, argv[0] ?? '');
  if (typeof program === 'string') {
    process.complain(`timeout: can't execute '${argv[0]}': No such file or directory\n`);
    return 127;
  }
  const { cwd, stdin, stdout, stderr } = process;
  const child = process.machine.spawn({ argv, program, env: process.env, cwd, stdin, stdout, stderr, parent: process });
  const until = process.now + Math.ceil(Number.parseFloat(limit) * 1000);
  while (child.exitCode === undefined && process.now < until) {
    yield (wake) => {
      const undo = [child.onExit(wake), process.machine.clock.after(until - process.now, wake)];
      return () => undo.forEach((each) => void each());
    };
  }
  if (child.exitCode !== undefined) return child.exitCode;
  child.kill('TERM');
  return process.fs.stat('/bin/busybox') ? 143 : 124;
};

const id = simple((process) => {
  const { user } = process.machine.facts;
  const { flags } = flagsOf(process.argv);
  if (flags.has('u')) process.write(`${flags.has('n') ? user.name : user.uid}\n`);
  else if (flags.has('g')) process.write(`${flags.has('n') ? user.name : user.gid}\n`);
  else {
    const named = (number: number, name: string): string => (/^\d+$/.test(name) ? String(number) : `${number}(${name})`);
    process.write(`uid=${named(user.uid, user.name)} gid=${named(user.gid, user.name)} groups=${named(user.gid, user.name)}\n`);
  }
});

const uptime = simple((process) => {
  const minutes = Math.floor((process.now - process.machine.facts.bootedAt) / 60_000);
  const load = process.machine.busy ? '1.02, 0.64, 0.31' : '0.08, 0.05, 0.01';
  process.write(
    ` ${formatTime(process.now, '%T')} up ${Math.floor(minutes / 1440)} days, ${Math.floor(minutes / 60) % 24}:${two(minutes % 60)},  0 users,  load average: ${load}\n`,
  );
});

const free = simple((process) => {
  const { memoryBytes } = process.machine.facts;
  const scale = flagsOf(process.argv).flags.has('m') ? 2 ** 20 : flagsOf(process.argv).flags.has('h') ? 2 ** 20 : 1024;
  const shown = (bytes: number): string => `${Math.floor(bytes / scale)}`.padStart(12);
  const used = memoryBytes * 0.22;
  process.write(
    lines([
      '              total        used        free      shared  buff/cache   available',
      `Mem:${shown(memoryBytes)}${shown(used)}${shown(memoryBytes * 0.5)}${shown(0)}${shown(memoryBytes * 0.28)}${shown(memoryBytes - used)}`,
      `Swap:${shown(0).slice(1)}${shown(0)}${shown(0)}`,
    ]),
  );
});

const top: Program = function* (process) {
  const all = [...process.machine.processes.values()];
  const { memoryBytes, cores } = process.machine.facts;
  const rows = all.map(
    (each) =>
      `${String(each.pid).padStart(5)} ${String(each.parent?.pid ?? 0).padStart(5)} ${process.machine.facts.user.name.padEnd(8)} S     4364   0%   0%  ${each.argv.join(' ')}`,
  );
  const free = `Mem: ${Math.floor((memoryBytes * 0.22) / 1024)}K used, ${Math.floor((memoryBytes * 0.5) / 1024)}K free`;
  process.write(
    lines([
      free,
      `CPU:   1% usr   0% sys   0% nic  98% idle  (${cores} cores)`,
      'Load average: 0.08 0.05 0.01 1/128',
      '  PID  PPID USER     STAT   VSZ %VSZ %CPU COMMAND',
      ...rows,
    ]),
  );
  if (process.argv.includes('-b') || process.argv.includes('-bn1')) return 0;
  // One page, then it waits to be left with q or Ctrl-C.
  for (let piece = yield* process.readPiece(); piece; piece = yield* process.readPiece()) if (piece.includes('q')) break;
  return 0;
};

const refusal = (what: string): Program =>
  simple((process) => {
    process.complain(`${nameOf(process)}: ${what}\n`);
    return 1;
  });
const noEditor = refusal('the sandbox has no editor; use echo, cat > file or sed -i');
const noPackages = refusal('the sandbox has no package registry: what an image has is what there is');

const kill = simple((process) => {
  let signal: Signal | undefined = 'TERM';
  let status = 0;
  for (const word of process.argv.slice(1)) {
    if (word.startsWith('-')) {
      const flag = word.slice(1).replace(/^SIG/, '');
      signal =
        (Object.entries(signalNumbers).find(([name, number]) => name === flag || String(number) === flag)?.[0] as Signal | undefined) ??
        (flag === '0' ? undefined : 'TERM');
      continue;
    }
    const target = process.machine.processes.get(Number(word));
    if (target && signal) target.kill(signal);
    else if (!target) {
      process.complain(`kill: can't kill pid ${word}: No such process\n`);
      status = 1;
    }
  }
  return status;
});

const byName = simple((process) => {
  const { flags, operands } = flagsOf(process.argv);
  const name = operands.at(-1) ?? '';
  const own = (each: Process): boolean => (flags.has('f') ? each.argv.join(' ') : (each.argv[0] ?? '')).includes(name);
  const found = [...process.machine.processes.values()].filter((each) => each !== process && own(each));
  if (nameOf(process) === 'pkill' || nameOf(process) === 'killall') for (const each of found) each.kill('TERM');
  else process.write(lines(found.map((each) => String(each.pid))));
  return found.length > 0 ? 0 : 1;
});

export const systemPrograms: Readonly<Record<string, Program>> = {
  date,
  sleep,
  uname,
  ps,
  env,
  id,
  uptime,
  free,
  top,
  timeout,
  kill,
  pidof: byName,
  pgrep: byName,
  pkill: byName,
  killall: byName,
  printenv: simple((process) => {
    const [name] = process.argv.slice(1);
    if (name === undefined) process.write(lines(Object.entries(process.env).map(([key, value]) => `${key}=${value}`)));
    else if (process.env[name] === undefined) return 1;
    else process.write(`${process.env[name]}\n`);
    return 0;
  }),
  hostname: simple((process) =>
    process.write(`${process.argv.includes('-i') ? process.machine.facts.podIP : process.machine.facts.hostname}\n`),
  ),
  whoami: simple((process) => {
    const { user } = process.machine.facts;
    if (/^\d+$/.test(user.name)) {
      process.complain(`whoami: unknown uid ${user.uid}\n`);
      return 1;
    }
    process.write(`${user.name}\n`);
    return 0;
  }),
  nproc: simple((process) => process.write(`${process.machine.facts.cores}\n`)),
  arch: simple((process) => process.write('x86_64\n')),
  true: simple(() => 0),
  false: simple(() => 1),
  echo: simple((process) =>
    process.write(`${process.argv.slice(process.argv[1] === '-n' ? 2 : 1).join(' ')}${process.argv[1] === '-n' ? '' : '\n'}`),
  ),
  printf: simple((process) => process.write(printed(process.argv[1] ?? '', process.argv.slice(2)))),
  test: simple((process) => (holds(process.argv.slice(1), process) === true ? 0 : 1)),
  '[': simple((process) => (holds(process.argv.slice(1, -1), process) === true ? 0 : 1)),
  pwd: simple((process) => process.write(`${process.cwd}\n`)),
  which: simple((process) => {
    let status = 0;
    for (const name of process.argv.slice(1))
      if (typeof findProgram(process, name, (path) => process.write(`${path}\n`)) === 'string') status = 1;
    return status;
  }),
  tty: simple((process) => {
    process.write(process.stdin.isTerminal ? '/dev/pts/0\n' : 'not a tty\n');
    return process.stdin.isTerminal ? 0 : 1;
  }),
  stty: simple((process) => {
    if (process.argv[1] === 'size') process.write(`${process.terminal?.rows ?? 24} ${process.terminal?.columns ?? 80}\n`);
  }),
  clear: simple((process) => process.write('\x1b[H\x1b[J')),
  reset: simple((process) => process.write('\x1bc')),
  nice: simple(() => 0),
  vi: noEditor,
  vim: noEditor,
  nano: noEditor,
  emacs: noEditor,
  apk: noPackages,
  apt: noPackages,
  'apt-get': noPackages,
  yum: noPackages,
  dnf: noPackages,
  pip: noPackages,
  npm: noPackages,
  /** A file that was made executable, whose insides the sandbox cannot run. */
  unknown: refusal('the sandbox cannot run this program'),
};
