import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import type { Clock } from '../machinery/clock.js';
import type { GroupResource, Stored } from '../machinery/object.js';
import type { Committed, Store } from './store.js';

const flushAfterMs = 20;
const objectsPerTurn = 500;
/** A journal is written anew when it is this large and mostly history. */
const smallestRewrite = 16 * 1024 * 1024;

type Entry =
  | { revision: number; resource: GroupResource; object: Stored }
  | { revision: number; resource: GroupResource; namespace: string; name: string };

/**
 * The state of the sandbox in one file: a line for every object written or removed, each with a checksum. What was written within the last moment (20 ms) may be
 * lost when the process is killed; an object is there whole or not at all. There is no fsync per write: a machine that loses its power may lose more.
 */
export class Journal {
  private readonly file: string;
  private descriptor: number;
  private size = 0;
  private sizeOfState = 0;
  private pending = new Map<string, Entry>();
  private undoFlush: (() => void) | undefined;
  /** What changed while the file is written anew. */
  private meanwhile: Map<string, Entry> | undefined;

  private constructor(
    folder: string,
    private readonly store: Store,
    private readonly clock: Clock,
  ) {
    this.file = path.join(folder, 'state.jsonl');
    this.descriptor = openSync(this.file, 'a+', 0o600);
  }

  /** Fills the store with what the folder holds, and keeps every change from here on. `say` is told what could not be read. */
  static open(folder: string, store: Store, clock: Clock, say: (text: string) => void): Journal {
    const journal = new Journal(folder, store, clock);
    journal.load(say);
    store.onAnyChange((committed) => journal.note(committed));
    return journal;
  }

  /** Writes what waits. */
  flush(): void {
    this.undoFlush?.();
    this.undoFlush = undefined;
    if (this.pending.size === 0) return;
    const text = [...this.pending.values()].map(line).join('');
    this.pending.clear();
    this.size += writeSync(this.descriptor, text);
    if (this.size > Math.max(smallestRewrite, this.sizeOfState * 4) && !this.meanwhile) this.rewrite();
  }

  close(): void {
    this.flush();
    fsyncSync(this.descriptor);
    closeSync(this.descriptor);
  }

  private note({ revision, resource, change }: Committed): void {
    const { namespace = '', name } = change.object.metadata;
    const entry: Entry =
      change.type === 'DELETED' ? { revision, resource, namespace, name } : { revision, resource, object: change.object };
    const key = `${resource}/${namespace}/${name}`;
    // The last state of an object in a moment is enough.
    this.pending.delete(key);
    this.pending.set(key, entry);
    this.meanwhile?.delete(key);
    this.meanwhile?.set(key, entry);
    this.undoFlush ??= this.clock.after(flushAfterMs, () => this.flush());
  }

  private load(say: (text: string) => void): void {
    const content = existsSync(this.file) ? readFileSync(this.file) : Buffer.alloc(0);
    // Of an object only what was last said of it is read whole.
    const last = new Map<string, Buffer>();
    let at = 0;
    let revision = 0;
    while (at < content.length) {
      const end = content.indexOf(0x0a, at);
      const json = end === -1 ? undefined : checked(content.subarray(at, end));
      const head = json && headOf(json);
      if (!head) {
        say(`${this.file}: ${content.length - at} bytes from byte ${at} on cannot be read and are cut off`);
        ftruncateSync(this.descriptor, at);
        break;
      }
      revision = Math.max(revision, head.revision);
      last.set(head.key, json);
      at = end + 1;
    }
    for (const json of last.values()) {
      const { resource, object } = JSON.parse(json.toString('utf8')) as Written;
      if (object) this.store.restore(resource, object);
    }
    this.size = at;
    this.sizeOfState = at;
    if (revision > 0) this.store.restoreRevision(revision);
  }

  /** The state alone, in a new file that takes the place of the old one when it is whole. */
  private rewrite(): void {
    this.meanwhile = new Map();
    const temporary = `${this.file}.new`;
    const descriptor = openSync(temporary, 'w', 0o600);
    const objects = this.store.resources().flatMap((resource) => this.store.list(resource).map((object) => ({ resource, object })));
    // The newest revision first: it may belong to a removal.
    let size = writeSync(descriptor, line({ revision: this.store.revision, resource: '', namespace: '', name: '' }));
    const step = (from: number): void => {
      if (this.meanwhile === undefined) return;
      const some = objects.slice(from, from + objectsPerTurn);
      if (some.length > 0) {
        const text = some
          .map(({ resource, object }) => line({ revision: Number(object.metadata.resourceVersion), resource, object }))
          .join('');
        size += writeSync(descriptor, text);
        this.clock.after(0, () => step(from + objectsPerTurn));
        return;
      }
      this.flush();
      size += writeSync(descriptor, [...this.meanwhile.values()].map(line).join(''));
      fsyncSync(descriptor);
      renameSync(temporary, this.file);
      closeSync(this.descriptor);
      this.descriptor = descriptor;
      this.size = size;
      this.sizeOfState = size;
      this.meanwhile = undefined;
    };
    step(0);
  }
}

interface Written {
  revision: number;
  key: string;
  resource: GroupResource;
  /** Missing: it was removed. */
  object?: Stored;
}

/** `checksum {"revision":7,"key":"pods/default/web","resource":"pods","object":{…}}`: revision and key can be read without the rest. */
function line(entry: Entry): string {
  const { revision, resource } = entry;
  const removed = 'object' in entry ? undefined : entry;
  const { namespace = '', name } = 'object' in entry ? entry.object.metadata : { namespace: removed?.namespace, name: removed?.name ?? '' };
  const written: Written = {
    revision,
    key: `${resource}/${namespace}/${name}`,
    resource,
    ...('object' in entry ? { object: entry.object } : {}),
  };
  const json = JSON.stringify(written);
  return `${crc32(json).toString(16).padStart(8, '0')} ${json}\n`;
}

function checked(bytes: Buffer): Buffer | undefined {
  const json = bytes.subarray(9);
  return Number.parseInt(bytes.toString('latin1', 0, 8), 16) === crc32(json) ? json : undefined;
}

const longestHead = 1024;

function headOf(json: Buffer): { revision: number; key: string } | undefined {
  const found = /^\{"revision":(\d+),"key":("[^"]*")/.exec(json.toString('utf8', 0, longestHead));
  return found ? { revision: Number(found[1]), key: found[2] ?? '' } : undefined;
}
