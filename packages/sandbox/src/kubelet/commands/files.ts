import { absolute, baseOf, FileError, join, parentOf } from '../machine/file-system.js';
import type { Process, Program } from '../machine/process.js';
import type { Entry } from '../machine/tree.js';
import { matchesPattern } from '../shell/pattern.js';
import { contents, flagsOf, forEachFile, lines, nameOf, simple } from './arguments.js';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const size = (process: Process, entry: Entry, path: string): number =>
  entry.type === 'file'
    ? process.fs.read(path).length
    : entry.type === 'directory'
      ? 4096
      : entry.type === 'link'
        ? entry.target.length
        : 0;

const modeText = (entry: Entry): string => {
  if (entry.type === 'link') return 'lrwxrwxrwx';
  if (entry.type === 'device') return 'crw-rw-rw-';
  const bits = [...'rwxrwxrwx'].map((letter, index) => ((entry.mode >> (8 - index)) & 1 ? letter : '-')).join('');
  const sticky = (entry.mode & 0o1000) !== 0 ? `${bits.slice(0, 8)}t` : bits;
  return (entry.type === 'directory' ? 'd' : '-') + sticky;
};

const human = (bytes: number): string => {
  for (const [unit, power] of [
    ['G', 30],
    ['M', 20],
    ['K', 10],
  ] as const) {
    if (bytes >= 2 ** power) return `${(bytes / 2 ** power).toFixed(1)}${unit}`;
  }
  return String(bytes);
};

function longLine(process: Process, path: string, name: string, flags: ReadonlyMap<string, string>): string {
  const entry = process.fs.lstat(path);
  if (!entry) throw new FileError('ENOENT');
  const time = new Date(entry.mtime);
  const day = `${months[time.getUTCMonth()]} ${String(time.getUTCDate()).padStart(2)}`;
  const recent = process.now - entry.mtime < 180 * 86_400_000;
  const clock = recent
    ? `${String(time.getUTCHours()).padStart(2, '0')}:${String(time.getUTCMinutes()).padStart(2, '0')}`
    : ` ${time.getUTCFullYear()}`;
  const bytes = size(process, entry, path);
  const shown = entry.type === 'link' ? `${name} -> ${entry.target}` : name;
  const links = entry.type === 'directory' ? 2 : 1;
  const root = flags.has('n') ? '0       ' : 'root    ';
  return `${modeText(entry)} ${String(links).padStart(4)} ${root} ${root} ${(flags.has('h') ? human(bytes) : String(bytes)).padStart(9)} ${day} ${clock} ${shown}`;
}

const ls = simple((process) => {
  const { flags, operands } = flagsOf(process.argv);
  const named = operands.length === 0 ? ['.'] : operands;
  const shown: string[] = [];
  const show = (directory: string, names: readonly string[]): void => {
    if (flags.has('l'))
      for (const name of names) shown.push(longLine(process, name === '.' ? directory : absolute(directory, name), name, flags));
    else if (process.stdout.isTerminal && !flags.has('1')) {
      if (names.length > 0) shown.push(columns(names, process.terminal?.columns ?? 80));
    } else shown.push(...names);
  };
  const files = named.filter((name) => {
    const entry = process.fs.stat(process.path(name)) ?? process.fs.lstat(process.path(name));
    return entry && (entry.type !== 'directory' || flags.has('d'));
  });
  show(process.cwd, files);
  const directories = named.filter((name) => !files.includes(name));
  const visit = (path: string, name: string): void => {
    if (directories.length > 1 || files.length > 0 || flags.has('R')) shown.push(`${shown.length > 0 ? '\n' : ''}${name}:`);
    const names = process.fs.list(path).filter((each) => flags.has('a') || flags.has('A') || !each.startsWith('.'));
    if (flags.has('l')) shown.push(`total ${names.length * 4}`);
    if (flags.has('t')) names.sort((a, b) => (process.fs.lstat(join(path, b))?.mtime ?? 0) - (process.fs.lstat(join(path, a))?.mtime ?? 0));
    if (flags.has('r')) names.reverse();
    show(path, flags.has('a') ? ['.', '..', ...names] : names);
    if (!flags.has('R')) return;
    for (const each of names)
      if (process.fs.lstat(join(path, each))?.type === 'directory') visit(join(path, each), `${name === '/' ? '' : name}/${each}`);
  };
  const status = forEachFile(process, directories, '', visit);
  process.write(lines(shown));
  return status;
});

function columns(names: readonly string[], width: number): string {
  const wide = Math.max(...names.map((name) => name.length)) + 2;
  const count = Math.max(1, Math.floor(width / wide));
  const rows = Math.ceil(names.length / count);
  const row = (index: number): string =>
    Array.from({ length: count }, (_, column) => names[column * rows + index] ?? '')
      .map((name) => name.padEnd(wide))
      .join('')
      .trimEnd();
  return Array.from({ length: rows }, (_, index) => row(index)).join('\n');
}

const cat: Program = function* (process) {
  const { flags, operands } = flagsOf(process.argv);
  let status = 0;
  for (const name of operands.length === 0 ? ['-'] : operands) {
    if (name === '-') {
      for (let piece = yield* process.readPiece(); piece; piece = yield* process.readPiece()) {
        process.write(piece);
        yield* process.flush();
        yield* process.breathe();
      }
      continue;
    }
    const entry = process.fs.stat(process.path(name));
    if (entry?.type === 'device') {
      while (entry.device === 'zero' || entry.device === 'urandom') {
        process.write(Buffer.alloc(4096, entry.device === 'zero' ? 0 : Math.floor(process.machine.random() * 256)));
        yield* process.flush();
        yield* process.breathe();
      }
      continue;
    }
    try {
      const data = process.fs.read(process.path(name));
      process.write(
        flags.has('n')
          ? lines(
              data
                .toString('utf8')
                .replace(/\n$/, '')
                .split('\n')
                .map((line, index) => `${String(index + 1).padStart(6)}\t${line}`),
            )
          : data,
      );
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      process.complain(error.code === 'EISDIR' ? 'cat: read error: Is a directory\n' : `cat: can't open '${name}': ${error.message}\n`);
      status = 1;
    }
  }
  return status;
};

const copyOrMove = simple((process) => {
  const moves = nameOf(process) === 'mv';
  const { flags, operands } = flagsOf(process.argv);
  const target = operands.pop();
  if (target === undefined || operands.length === 0) {
    process.complain(`${nameOf(process)}: missing file operand\n`);
    return 1;
  }
  const into = process.fs.isDirectory(process.path(target));
  return forEachFile(process, operands, "can't stat", (path, name) => {
    const to = into ? join(process.path(target), baseOf(path)) : process.path(target);
    if (moves) process.fs.rename(path, to);
    else if (process.fs.isDirectory(path) && !['r', 'R', 'a', 'recursive'].some((flag) => flags.has(flag)))
      process.complain(`cp: omitting directory '${name}'\n`);
    else process.fs.copy(path, to);
  });
});

const rm = simple((process) => {
  const { flags, operands } = flagsOf(process.argv);
  const recursive = flags.has('r') || flags.has('R');
  const there = operands.filter((name) => !flags.has('f') || process.fs.lstat(process.path(name)));
  return forEachFile(process, there, "can't remove", (path) => {
    if (process.fs.lstat(path)?.type === 'directory' && !recursive) throw new FileError('EISDIR');
    process.fs.remove(path, recursive);
  });
});

const mkdir = simple((process) => {
  const { flags, operands } = flagsOf(process.argv, 'm');
  return forEachFile(process, operands, "can't create directory", (path) => process.fs.makeDirectory(path, flags.has('p')));
});

const rmdir = simple((process) =>
  forEachFile(process, flagsOf(process.argv).operands, '', (path) => {
    if (process.fs.lstat(path)?.type === 'file') throw new FileError('ENOTDIR');
    process.fs.remove(path);
  }),
);

const touch = simple((process) => forEachFile(process, flagsOf(process.argv, 'drt').operands, '', (path) => process.fs.touch(path)));

const ln = simple((process) => {
  const { flags, operands } = flagsOf(process.argv);
  const [target = '', name = baseOf(target)] = operands;
  const at = process.fs.isDirectory(process.path(name)) ? join(process.path(name), baseOf(target)) : process.path(name);
  return forEachFile(process, [at], '', (path) => {
    if (flags.has('f') && process.fs.lstat(path)) process.fs.remove(path);
    if (flags.has('s')) process.fs.link(path, target);
    else process.fs.copy(process.path(target), path);
  });
});

const chmod = simple((process) => {
  const [mode = '', ...files] = process.argv.slice(1).filter((word) => word !== '-R');
  return forEachFile(process, files, '', (path) => {
    const entry = process.fs.stat(path);
    const old = entry?.type === 'file' || entry?.type === 'directory' ? entry.mode : 0o644;
    process.fs.chmod(
      path,
      /^[0-7]+$/.test(mode) ? Number.parseInt(mode, 8) : mode.includes('+x') ? old | 0o111 : mode.includes('-x') ? old & ~0o111 : old,
    );
  });
});

const chown = simple((process) =>
  forEachFile(process, flagsOf(process.argv).operands.slice(1), '', (path) => {
    if (!process.fs.stat(path)) throw new FileError('ENOENT');
  }),
);

const find = simple((process) => {
  const words = process.argv.slice(1);
  const from = words.findIndex((word) => word.startsWith('-'));
  const roots = from === -1 ? words : words.slice(0, from);
  const value = (flag: string): string | undefined => (words.includes(flag) ? words[words.indexOf(flag) + 1] : undefined);
  const [name, type, depth] = [value('-name') ?? value('-iname'), value('-type'), Number(value('-maxdepth') ?? 64)];
  const found: string[] = [];
  const kinds: Readonly<Record<string, string>> = { f: 'file', d: 'directory', l: 'link', c: 'device' };
  const visit = (path: string, shown: string, level: number): void => {
    const entry = process.fs.lstat(path);
    if (!entry) throw new FileError('ENOENT');
    if ((!name || matchesPattern(baseOf(path), name)) && (!type || entry.type === kinds[type])) found.push(shown);
    if (entry.type !== 'directory' || level >= depth) return;
    for (const each of process.fs.list(path)) visit(join(path, each), shown === '/' ? `/${each}` : `${shown}/${each}`, level + 1);
  };
  const status = forEachFile(process, roots.length === 0 ? ['.'] : roots, '', (path, shown) => visit(path, shown, 0));
  if (words.includes('-delete')) for (const each of [...found].reverse()) process.fs.remove(process.path(each), true);
  else process.write(lines(found));
  return status;
});

const stat = simple((process) =>
  forEachFile(process, flagsOf(process.argv, 'c').operands, "can't stat", (path, name) => {
    const entry = process.fs.lstat(path);
    if (!entry) throw new FileError('ENOENT');
    const format = flagsOf(process.argv, 'c').flags.get('c');
    const bytes = size(process, entry, path);
    if (format !== undefined) {
      process.write(`${format.replace('%s', String(bytes)).replace('%n', name).replace('%F', entry.type)}\n`);
      return;
    }
    const kind = entry.type === 'file' ? 'regular file' : entry.type === 'link' ? 'symbolic link' : entry.type;
    process.write(
      `  File: ${name}\n  Size: ${bytes}\t\tBlocks: ${Math.ceil(bytes / 512)}\tIO Block: 4096   ${kind}\nModify: ${new Date(entry.mtime).toISOString().replace('T', ' ').replace('Z', '000000')} +0000\n`,
    );
  }),
);

const du = simple((process) => {
  const { flags, operands } = flagsOf(process.argv);
  const bytes = (path: string): number => {
    const entry = process.fs.lstat(path);
    if (!entry) throw new FileError('ENOENT');
    if (entry.type !== 'directory') return size(process, entry, path);
    return 4096 + process.fs.list(path).reduce((sum, name) => sum + bytes(join(path, name)), 0);
  };
  return forEachFile(process, operands.length === 0 ? ['.'] : operands, '', (path, name) => {
    const total = bytes(path);
    process.write(`${flags.has('h') ? human(total) : Math.ceil(total / 1024)}\t${name}\n`);
  });
});

const df = simple((process) => {
  const row = (name: string, blocks: number, used: number, at: string): string =>
    `${name.padEnd(20)} ${String(blocks).padStart(10)} ${String(used).padStart(9)} ${String(blocks - used).padStart(9)} ${String(Math.ceil((used / blocks) * 100)).padStart(3)}% ${at}`;
  const rows = process.fs
    .points()
    .map(({ path, tree }) =>
      tree.writable ? row(path === '/' ? 'overlay' : '/dev/vda1', 104_857_600, 9_437_184, path) : row('tmpfs', 16_777_216, 12, path),
    );
  process.write(lines(['Filesystem           1K-blocks      Used Available Use% Mounted on', ...rows.reverse()]));
});

const mount = simple((process) => {
  const rows = process.fs.points().map(({ path, tree, readOnly }) => {
    const kind = path === '/' ? 'overlay' : tree.writable ? 'ext4' : 'tmpfs';
    return `${kind === 'ext4' ? '/dev/vda1' : kind} on ${path} type ${kind} (${readOnly || !tree.writable ? 'ro' : 'rw'},relatime)`;
  });
  process.write(
    lines([
      ...rows.reverse(),
      'proc on /proc type proc (rw,nosuid,nodev,noexec,relatime)',
      'sysfs on /sys type sysfs (ro,nosuid,nodev,noexec,relatime)',
    ]),
  );
});

const readlink = simple((process) =>
  forEachFile(process, flagsOf(process.argv).operands, '', (path) => {
    const entry = process.fs.lstat(path);
    if (flagsOf(process.argv).flags.has('f') || nameOf(process) === 'realpath') process.write(`${process.fs.real(path)}\n`);
    else if (entry?.type === 'link') process.write(`${entry.target}\n`);
    else throw new FileError('EINVAL');
  }),
);

const tee: Program = function* (process) {
  const { flags, operands } = flagsOf(process.argv);
  for (const name of operands) process.fs.write(process.path(name), Buffer.alloc(0), { append: flags.has('a') });
  for (let piece = yield* process.readPiece(); piece; piece = yield* process.readPiece()) {
    process.write(piece);
    for (const name of operands) process.fs.write(process.path(name), piece, { append: true });
    yield* process.flush();
  }
  return 0;
};

const dd: Program = function* (process) {
  const given = Object.fromEntries(process.argv.slice(1).map((word) => word.split(/=(.*)/).slice(0, 2)));
  const units: Readonly<Record<string, number>> = { k: 1024, K: 1024, M: 2 ** 20, G: 2 ** 30 };
  const sized = (text: string): number => Number.parseInt(text, 10) * (units[text.slice(-1)] ?? 1);
  const bytes = sized(String(given.bs ?? '512')) * Number(given.count ?? 1);
  process.machine.claimMemory(Math.min(sized(String(given.bs ?? '512')), 2 ** 30));
  const source =
    given.if === undefined || !String(given.if).startsWith('/dev/')
      ? (yield* contents(process, given.if ? [String(given.if)] : []))[0]?.data
      : undefined;
  const data = source ?? Buffer.alloc(Math.min(bytes, 32 * 2 ** 20));
  if (given.of === undefined) process.write(data);
  else process.fs.write(process.path(String(given.of)), data);
  process.complain(`${given.count ?? 1}+0 records in\n${given.count ?? 1}+0 records out\n`);
  return 0;
};

const names = (run: (path: string, args: readonly string[]) => string): Program =>
  simple((process) => process.write(`${run(process.argv[1] ?? '', process.argv.slice(2))}\n`));

export const filePrograms: Readonly<Record<string, Program>> = {
  ls,
  cat,
  cp: copyOrMove,
  mv: copyOrMove,
  rm,
  mkdir,
  rmdir,
  touch,
  ln,
  chmod,
  chown,
  chgrp: chown,
  find,
  stat,
  du,
  df,
  mount,
  readlink,
  realpath: readlink,
  tee,
  dd,
  sync: simple(() => 0),
  basename: names((path, [suffix = '']) => {
    const base = baseOf(path.replace(/\/+$/, ''));
    return suffix !== '' && base.endsWith(suffix) && base !== suffix ? base.slice(0, -suffix.length) : base;
  }),
  dirname: names((path) => (path.includes('/') ? parentOf(path.replace(/\/+$/, '')) : '.')),
};
