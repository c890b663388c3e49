import { FileError, join, parentOf } from '../machine/file-system.js';
import type { Process, Program } from '../machine/process.js';
import { flagsOf } from './arguments.js';

const block = 512;

/** tar c, x and t over files or standard streams: what `kubectl cp` runs at the far end. ustar with GNU's long names; links as links. */
export const tar: Program = function* (process) {
  const [, first = '', ...rest] = process.argv;
  const argv = ['tar', first.startsWith('-') ? first : `-${first}`, ...rest];
  const { flags, operands } = flagsOf(argv, 'fCX', ['directory', 'file']);
  const file = flags.get('f') ?? flags.get('file') ?? '-';
  const directory = process.path(flags.get('C') ?? flags.get('directory') ?? '.');
  try {
    if (flags.has('c')) {
      const archive = packed(process, directory, operands);
      if (file === '-') process.write(archive.data);
      else process.fs.write(process.path(file), archive.data);
      return archive.complete ? 0 : 2;
    }
    const data = file === '-' ? yield* process.readAll() : process.fs.read(process.path(file));
    if (flags.has('x')) unpack(process, data, directory);
    else if (flags.has('t')) for (const { name } of members(data)) process.write(`${name}\n`);
    else {
      process.complain("tar: You must specify one of the '-Acdtrux' options\n");
      return 2;
    }
    return 0;
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    process.complain(`tar: ${error.message}\n`);
    return 2;
  }
};

function packed(process: Process, directory: string, names: readonly string[]): { data: Buffer; complete: boolean } {
  const pieces: Buffer[] = [];
  let complete = true;
  const add = (path: string, name: string): void => {
    const entry = process.fs.lstat(path);
    if (!entry) {
      process.complain(`tar: ${name}: No such file or directory\n`);
      complete = false;
      return;
    }
    if (entry.type === 'directory') {
      pieces.push(...header(`${name}/`, 0, '5', entry.mode, entry.mtime));
      for (const each of process.fs.list(path)) add(join(path, each), `${name}/${each}`);
    } else if (entry.type === 'link') pieces.push(...header(name, 0, '2', 0o777, entry.mtime, entry.target));
    else if (entry.type === 'file') {
      const data = process.fs.read(path);
      pieces.push(...header(name, data.length, '0', entry.mode, entry.mtime), data, Buffer.alloc((block - (data.length % block)) % block));
    }
  };
  for (const name of names) {
    const path = name.startsWith('/') ? name : join(directory, name);
    if (name.startsWith('/')) process.complain("tar: Removing leading `/' from member names\n");
    add(path, name.replace(/^\/+/, '').replace(/\/+$/, '') || '.');
  }
  return { data: Buffer.concat([...pieces, Buffer.alloc(2 * block)]), complete };
}

function header(name: string, size: number, type: string, mode: number, mtime: number, target = ''): Buffer[] {
  const long = Buffer.byteLength(name) > 100;
  const prefix = long ? [...header('././@LongLink', Buffer.byteLength(name) + 1, 'L', 0, 0), padded(`${name}\0`)] : [];
  const bytes = Buffer.alloc(block);
  const octal = (value: number, at: number, width: number): void =>
    void bytes.write(`${value.toString(8).padStart(width - 1, '0')}\0`, at, 'latin1');
  bytes.write(Buffer.from(name).subarray(0, 100).toString('latin1'), 0, 'latin1');
  octal(mode & 0o7777, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(Math.floor(mtime / 1000), 136, 12);
  bytes.write('        ', 148, 'latin1');
  bytes.write(type, 156, 'latin1');
  bytes.write(target.slice(0, 100), 157, 'utf8');
  bytes.write('ustar\x0000root', 257, 'latin1');
  octal(
    bytes.reduce((sum, byte) => sum + byte, 0),
    148,
    7,
  );
  return [...prefix, bytes];
}

const padded = (text: string): Buffer => {
  const data = Buffer.from(text);
  return Buffer.concat([data, Buffer.alloc((block - (data.length % block)) % block)]);
};

interface Member {
  name: string;
  type: string;
  mode: number;
  target: string;
  data: Buffer;
}

function* members(archive: Buffer): Iterable<Member> {
  let longName: string | undefined;
  for (let at = 0; at + block <= archive.length; ) {
    const head = archive.subarray(at, at + block);
    if (head.every((byte) => byte === 0)) return;
    const text = (from: number, length: number): string =>
      head
        .subarray(from, from + length)
        .toString('utf8')
        .split('\0')[0] ?? '';
    const size = Number.parseInt(text(124, 12).trim() || '0', 8);
    const type = text(156, 1) || '0';
    const data = archive.subarray(at + block, at + block + size);
    at += block + Math.ceil(size / block) * block;
    if (type === 'L') longName = data.toString('utf8').replace(/\0+$/, '');
    else if (type === 'x') longName = /\d+ path=([^\n]+)\n/.exec(data.toString('utf8'))?.[1] ?? longName;
    else if (type !== 'g') {
      const prefix = text(257, 5) === 'ustar' && text(263, 2) !== ' ' ? text(345, 155) : '';
      yield {
        name: longName ?? (prefix ? `${prefix}/${text(0, 100)}` : text(0, 100)),
        type,
        mode: Number.parseInt(text(100, 8).trim() || '644', 8),
        target: text(157, 100),
        data,
      };
      longName = undefined;
    }
  }
}

function unpack(process: Process, archive: Buffer, directory: string): void {
  for (const { name, type, mode, target, data } of members(archive)) {
    const parts = name.split('/').filter((part) => part !== '' && part !== '.' && part !== '..');
    const path = parts.reduce((at, part) => join(at, part), directory);
    if (type === '5') process.fs.makeDirectory(path, true, mode);
    else {
      process.fs.makeDirectory(parentOf(path), true);
      if (type === '2') {
        if (process.fs.lstat(path)) process.fs.remove(path);
        process.fs.link(path, target);
      } else process.fs.write(path, Buffer.from(data), { mode });
    }
  }
}
