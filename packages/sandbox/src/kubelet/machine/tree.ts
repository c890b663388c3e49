/** What stands at a path. Contents may be made when they are read. */
export type Entry =
  | { type: 'file'; data: Buffer | (() => Buffer); mode: number; mtime: number }
  | { type: 'directory'; mode: number; mtime: number }
  | { type: 'link'; target: string; mtime: number }
  | { type: 'device'; device: Device; mtime: number };
export type Device = 'null' | 'zero' | 'urandom' | 'full' | 'stdin' | 'stdout' | 'stderr' | 'tty';

/** Files below one point: the root of an image, or a volume. Paths are relative, `a/b`; '' is the point itself. */
export interface Tree {
  readonly writable: boolean;
  get(path: string): Entry | undefined;
  /** Of a directory's entries; unsorted. */
  names(directory: string): Iterable<string>;
  set(path: string, entry: Entry): void;
  remove(path: string): void;
}

/** What may be written into one tree: a pretend disk that keeps the process small. */
const capacityBytes = 16 * 1024 * 1024;

export class OutOfSpace extends Error {}

/** Writable, in memory, over a base that many share. */
export class MemoryTree implements Tree {
  readonly writable = true;
  private readonly own = new Map<string, Entry | null>();
  private bytes = 0;

  constructor(
    private readonly base: ReadonlyMap<string, Entry> = new Map(),
    private readonly made = 0,
  ) {}

  get(path: string): Entry | undefined {
    const own = this.own.get(path);
    if (own !== undefined) return own ?? undefined;
    return this.base.get(path) ?? (path === '' ? { type: 'directory', mode: 0o755, mtime: this.made } : undefined);
  }

  *names(directory: string): Iterable<string> {
    const prefix = directory === '' ? '' : `${directory}/`;
    for (const path of this.base.keys()) if (!this.own.has(path) && isChild(path, prefix)) yield path.slice(prefix.length);
    for (const [path, entry] of this.own) if (entry && isChild(path, prefix)) yield path.slice(prefix.length);
  }

  set(path: string, entry: Entry): void {
    const bytes = this.bytes - sizeOf(this.own.get(path)) + sizeOf(entry);
    if (bytes > capacityBytes) throw new OutOfSpace();
    this.bytes = bytes;
    this.own.set(path, entry);
  }

  remove(path: string): void {
    this.bytes -= sizeOf(this.own.get(path));
    if (this.base.has(path)) this.own.set(path, null);
    else this.own.delete(path);
  }
}

/** Read only, its files told anew at every look: ConfigMaps, Secrets, the downward API, /proc. */
export class ComputedTree implements Tree {
  readonly writable = false;

  constructor(
    private readonly files: () => Readonly<Record<string, Buffer>>,
    private readonly made: number,
    private readonly mode = 0o644,
  ) {}

  get(path: string): Entry | undefined {
    const files = this.files();
    const data = Object.hasOwn(files, path) ? files[path] : undefined;
    if (data) return { type: 'file', data, mode: this.mode, mtime: this.made };
    const isDirectory = path === '' || Object.keys(files).some((each) => each.startsWith(`${path}/`));
    return isDirectory ? { type: 'directory', mode: 0o755, mtime: this.made } : undefined;
  }

  names(directory: string): Iterable<string> {
    const prefix = directory === '' ? '' : `${directory}/`;
    const below = Object.keys(this.files()).filter((each) => each.startsWith(prefix));
    return new Set(below.map((each) => each.slice(prefix.length).split('/')[0] ?? ''));
  }

  set(): void {
    throw new Error('read only');
  }

  remove(): void {
    throw new Error('read only');
  }
}

const isChild = (path: string, prefix: string): boolean =>
  path !== '' && path.length > prefix.length && path.startsWith(prefix) && !path.includes('/', prefix.length);

const sizeOf = (entry: Entry | null | undefined): number => (entry?.type === 'file' && Buffer.isBuffer(entry.data) ? entry.data.length : 0);
