import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import type { Clock } from '../machinery/clock.js';
import type { GroupResource, Stored } from '../machinery/object.js';
import { type Address, Packed } from './packed.js';
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
    // Of an object only what was last said of it is read.
    const last = new Map<string, { from: number; to: number }>();
    let at = 0;
    let revision = 0;
    while (at < content.length) {
      const to = content.indexOf(0x0a, at);
      const head = to === -1 ? undefined : checkedHead(content, at, to);
      if (!head) {
        say(`${this.file}: ${content.length - at} bytes from byte ${at} on cannot be read and are cut off`);
        ftruncateSync(this.descriptor, at);
        break;
      }
      revision = Math.max(revision, head.revision);
      last.set(head.key, { from: at + checksumLength, to });
      at = to + 1;
    }
    this.size = at;
    for (const { from, to } of last.values()) {
      const text = content.toString('utf8', from, to);
      const headEnds = text.indexOf(objectFollows);
      if (headEnds === -1) continue; // what is left of a removal is its head
      this.restore(JSON.parse(`${text.slice(0, headEnds)}}`) as Written, text);
      this.sizeOfState += to - from;
    }
    if (revision > 0) this.store.restoreRevision(revision);
  }

  private restore({ resource, key, owned }: Written, text: string): void {
    const [, namespace = '', name = '', ...more] = key.split('/');
    if (owned && more.length === 0) this.store.restorePacked(new Packed({ resource, namespace, name, ...owned }, text, objectIn));
    else this.store.restore(resource, objectIn(text));
  }

  /** The state alone, in a new file that takes the place of the old one when it is whole. */
  private rewrite(): void {
    this.meanwhile = new Map();
    const temporary = `${this.file}.new`;
    const descriptor = openSync(temporary, 'w', 0o600);
    const objects = this.store
      .resources()
      .flatMap((resource) => [...this.store.entries(resource)].map(({ object }) => ({ resource, object })));
    // The newest revision first: it may belong to a removal.
    let size = writeSync(descriptor, line({ revision: this.store.revision, resource: '', namespace: '', name: '' }));
    const step = (from: number): void => {
      if (this.meanwhile === undefined) return;
      const some = objects.slice(from, from + objectsPerTurn);
      if (some.length > 0) {
        size += writeSync(descriptor, some.map(({ resource, object }) => kept(resource, object)).join(''));
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
  /** Its uid and those of its owners. */
  owned?: Pick<Address, 'uid' | 'owners'>;
  /** Missing: it was removed. */
  object?: Stored;
}

const objectFollows = ',"object":{';

/** `checksum {"revision":7,"key":"pods/default/web","resource":"pods","owned":{…},"object":{…}}`: what comes before the object can be read without it. */
function line(entry: Entry): string {
  const { revision, resource } = entry;
  const removed = 'object' in entry ? undefined : entry;
  const { namespace = '', name } = 'object' in entry ? entry.object.metadata : { namespace: removed?.namespace, name: removed?.name ?? '' };
  const written: Written = {
    revision,
    key: `${resource}/${namespace}/${name}`,
    resource,
    ...('object' in entry ? { owned: ownedIn(entry.object), object: entry.object } : {}),
  };
  return framed(JSON.stringify(written));
}

const kept = (resource: GroupResource, object: Stored | Packed): string =>
  object instanceof Packed ? framed(object.text) : line({ revision: Number(object.metadata.resourceVersion), resource, object });

const checksumLength = 9;
const framed = (json: string): string =>
  `${crc32(json)
    .toString(16)
    .padStart(checksumLength - 1, '0')} ${json}\n`;

const ownedIn = ({ metadata: { uid = '', ownerReferences = [] } }: Stored): Written['owned'] => ({
  uid,
  owners: ownerReferences.map((each) => each.uid),
});

function objectIn(text: string): Stored {
  const { object } = JSON.parse(text) as Written;
  if (!object) throw new Error('an object was expected');
  return object;
}

const longestStart = 48;

/** Revision and key (as it stands in JSON, without its quotes) of the line from `at` to `to`; undefined where its checksum is not right. */
function checkedHead(content: Buffer, at: number, to: number): { revision: number; key: string } | undefined {
  const from = at + checksumLength;
  const checksum = Number.parseInt(content.toString('latin1', at, from - 1), 16);
  if (from >= to || checksum !== crc32(content.subarray(from, to))) return undefined;
  const start = /^\{"revision":(\d+),"key":"/.exec(content.toString('latin1', from, Math.min(from + longestStart, to)));
  if (!start) return undefined;
  const keyAt = from + start[0].length;
  return { revision: Number(start[1]), key: content.toString('utf8', keyAt, content.indexOf(0x22, keyAt)) };
}
