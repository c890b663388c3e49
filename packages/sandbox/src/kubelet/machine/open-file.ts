import { GivenInput, type Input, nothing, type Output } from './channel.js';
import { FileError } from './file-system.js';
import type { Process, Wait } from './process.js';

const now: Wait = () => () => {};

/** Opens a file or a device. Throws FileError. */
export function openFile(process: Process, path: string, how: 'read' | 'write' | 'append'): Input & Output {
  const { fs } = process;
  const entry = fs.stat(path);
  if (entry?.type === 'device') return device(process, entry.device);
  if (how === 'read') return { ...nothing, ...input(new GivenInput(fs.read(path))) };
  if (entry?.type === 'directory') throw new FileError('EISDIR');
  fs.write(path, Buffer.alloc(0), { append: how === 'append' });
  return { ...nothing, write: (data) => fs.write(path, data, { append: true }) };
}

const input = (given: Input): Input => ({
  read: () => given.read(),
  unread: (data) => given.unread(data),
  readable: given.readable,
});

function device(process: Process, name: string): Input & Output {
  switch (name) {
    case 'zero':
      return { ...nothing, read: () => Buffer.alloc(4096) };
    case 'urandom':
      return { ...nothing, read: () => Buffer.from(Array.from({ length: 512 }, () => Math.floor(process.machine.random() * 256))) };
    case 'stdin':
      return { ...nothing, ...input(process.stdin) };
    case 'stdout':
    case 'tty':
      return { ...nothing, write: (data) => process.stdout.write(data), full: false, drained: now };
    case 'stderr':
      return { ...nothing, write: (data) => process.stderr.write(data) };
    default:
      return nothing;
  }
}
