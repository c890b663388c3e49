import { type Entry, OutOfSpace, type Tree } from './tree.js';

/** What a call of the kernel refuses; `message` as strerror says it. */
export class FileError extends Error {
  constructor(readonly code: keyof typeof words) {
    super(words[code]);
  }
}

const words = {
  ENOENT: 'No such file or directory',
  EEXIST: 'File exists',
  ENOTDIR: 'Not a directory',
  EISDIR: 'Is a directory',
  EROFS: 'Read-only file system',
  EBUSY: 'Device or resource busy',
  ENOTEMPTY: 'Directory not empty',
  EACCES: 'Permission denied',
  EINVAL: 'Invalid argument',
  ELOOP: 'Too many levels of symbolic links',
  ENOSPC: 'No space left on device',
} as const;

export interface Mount {
  path: string;
  tree: Tree;
  /** A part of the tree. */
  subPath: string;
  readOnly: boolean;
}

interface Place {
  path: string;
  tree: Tree;
  inTree: string;
  readOnly: boolean;
}

/** The files that a container sees: its image's, with volumes mounted over them. */
export class FileSystem {
  private readonly mounts: readonly Mount[];

  constructor(
    root: Tree,
    mounts: readonly Mount[],
    private readonly now: () => number,
  ) {
    // The longest path first: it covers the others.
    this.mounts = [...mounts, { path: '/', tree: root, subPath: '', readOnly: false }].sort((a, b) => b.path.length - a.path.length);
  }

  /** Of the mounts, for `mount` and `df`: path and whether it can be written. */
  points(): readonly Mount[] {
    return this.mounts;
  }

  /** Links followed. Undefined where nothing is. */
  stat(path: string): Entry | undefined {
    return this.entry(this.follow(path));
  }

  /** The last link not followed. */
  lstat(path: string): Entry | undefined {
    return this.entry(this.follow(path, false));
  }

  isDirectory(path: string): boolean {
    return this.stat(path)?.type === 'directory';
  }

  /** The path without links. */
  real(path: string): string {
    return this.follow(path);
  }

  read(path: string): Buffer {
    const entry = this.stat(path);
    if (!entry) throw new FileError('ENOENT');
    if (entry.type === 'directory') throw new FileError('EISDIR');
    if (entry.type !== 'file') return Buffer.alloc(0);
    return typeof entry.data === 'function' ? entry.data() : entry.data;
  }

  write(path: string, data: Buffer, { append = false, mode }: { append?: boolean; mode?: number } = {}): void {
    const place = this.place(this.follow(path));
    const old = this.entryAt(place);
    if (old?.type === 'directory') throw new FileError('EISDIR');
    if (old?.type === 'device') return;
    this.checkParent(place.path);
    const before = append && old?.type === 'file' ? this.read(path) : Buffer.alloc(0);
    const whole = before.length === 0 ? data : Buffer.concat([before, data]);
    const kept = mode ?? (old?.type === 'file' ? old.mode : 0o644);
    this.put(place, { type: 'file', data: whole, mode: kept, mtime: this.now() });
  }

  touch(path: string, mtime = this.now()): void {
    const entry = this.stat(path);
    if (!entry) this.write(path, Buffer.alloc(0));
    else this.put(this.place(this.follow(path)), { ...entry, mtime });
  }

  makeDirectory(path: string, parents = false, mode = 0o755): void {
    const at = this.follow(path);
    const old = this.entry(at);
    if (old) {
      if (parents && old.type === 'directory') return;
      throw new FileError('EEXIST');
    }
    if (parents && at !== '/') this.makeDirectory(parentOf(at), true);
    this.checkParent(at);
    this.put(this.place(at), { type: 'directory', mode, mtime: this.now() });
  }

  link(path: string, target: string): void {
    const at = this.follow(path, false);
    if (this.entry(at)) throw new FileError('EEXIST');
    this.checkParent(at);
    this.put(this.place(at), { type: 'link', target, mtime: this.now() });
  }

  chmod(path: string, mode: number): void {
    const at = this.follow(path);
    const entry = this.entry(at);
    if (!entry) throw new FileError('ENOENT');
    if (entry.type === 'file' || entry.type === 'directory') this.put(this.place(at), { ...entry, mode });
  }

  /** Sorted. */
  list(path: string): string[] {
    const at = this.follow(path);
    const entry = this.entry(at);
    if (!entry) throw new FileError('ENOENT');
    if (entry.type !== 'directory') throw new FileError('ENOTDIR');
    const { tree, inTree } = this.place(at);
    const names = new Set(tree.names(inTree));
    for (const mount of this.mounts)
      if (mount.path !== '/' && parentOf(mount.path) === at) names.add(mount.path.slice(mount.path.lastIndexOf('/') + 1));
    return [...names].sort();
  }

  /** A file, a link or an empty directory; with `recursive` all that is in it. */
  remove(path: string, recursive = false): void {
    const at = this.follow(path, false);
    const entry = this.entry(at);
    if (!entry) throw new FileError('ENOENT');
    if (at === '/' || this.mounts.some((each) => each.path === at)) throw new FileError('EBUSY');
    if (entry.type === 'directory') {
      const names = this.list(at);
      if (names.length > 0 && !recursive) throw new FileError('ENOTEMPTY');
      for (const name of names) this.remove(join(at, name), true);
    }
    const { tree, inTree, readOnly } = this.place(at);
    if (readOnly || !tree.writable) throw new FileError('EROFS');
    tree.remove(inTree);
  }

  /** Also over the border of a mount; what stood at the new place is replaced. */
  rename(from: string, to: string): void {
    this.copy(from, to);
    this.remove(from, true);
  }

  copy(from: string, to: string): void {
    const source = this.follow(from, false);
    const entry = this.entry(source);
    if (!entry) throw new FileError('ENOENT');
    const target = this.follow(to);
    if (target === source || target.startsWith(`${source}/`)) throw new FileError('EINVAL');
    if (entry.type === 'directory') {
      this.makeDirectory(target, true, entry.mode);
      for (const name of this.list(source)) this.copy(join(source, name), join(target, name));
      return;
    }
    this.checkParent(target);
    const data = entry.type === 'file' && typeof entry.data === 'function' ? { ...entry, data: entry.data() } : entry;
    this.put(this.place(target), { ...data, mtime: this.now() });
  }

  private checkParent(path: string): void {
    const parent = this.entry(this.follow(parentOf(path)));
    if (!parent) throw new FileError('ENOENT');
    if (parent.type !== 'directory') throw new FileError('ENOTDIR');
  }

  private put({ tree, inTree, readOnly }: Place, entry: Entry): void {
    if (readOnly || !tree.writable) throw new FileError('EROFS');
    try {
      tree.set(inTree, entry);
    } catch (error) {
      if (error instanceof OutOfSpace) throw new FileError('ENOSPC');
      throw error;
    }
  }

  private entry(path: string): Entry | undefined {
    return this.entryAt(this.place(path));
  }

  private entryAt({ path, tree, inTree }: Place): Entry | undefined {
    const entry = tree.get(inTree);
    if (entry) return entry;
    // Mount points, and what leads to them, are there whatever the image has.
    const leads = this.mounts.some((each) => each.path === path || each.path.startsWith(`${path}/`));
    return leads ? { type: 'directory', mode: 0o755, mtime: this.now() } : undefined;
  }

  private place(path: string): Place {
    const mount = this.mounts.find((each) => each.path === path || each.path === '/' || path.startsWith(`${each.path}/`));
    if (!mount) throw new Error('no root');
    const below = path.slice(mount.path === '/' ? 1 : mount.path.length + 1);
    const inTree = mount.subPath === '' ? below : below === '' ? mount.subPath : `${mount.subPath}/${below}`;
    return { path, tree: mount.tree, inTree, readOnly: mount.readOnly };
  }

  private follow(path: string, last = true): string {
    let left = path.split('/').filter((part) => part !== '' && part !== '.');
    let at = '';
    for (let steps = 0; left.length > 0; steps += 1) {
      if (steps > 200) throw new FileError('ELOOP');
      const [part = '', ...rest] = left;
      left = rest;
      if (part === '..') {
        at = at.slice(0, Math.max(at.lastIndexOf('/'), 0));
        continue;
      }
      const next = `${at}/${part}`;
      const entry = this.entry(next);
      if (entry?.type === 'link' && (last || left.length > 0)) {
        left = [...entry.target.split('/').filter((each) => each !== '' && each !== '.'), ...left];
        if (entry.target.startsWith('/')) at = '';
      } else if (entry && entry.type !== 'directory' && left.length > 0) {
        throw new FileError('ENOTDIR');
      } else {
        at = next;
      }
    }
    return at === '' ? '/' : at;
  }
}

export const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/';
export const baseOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
export const join = (directory: string, name: string): string => (directory === '/' ? `/${name}` : `${directory}/${name}`);

/** Absolute, without `.`, `..` and doubled slashes. */
export function absolute(cwd: string, path: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${cwd}/${path}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}
