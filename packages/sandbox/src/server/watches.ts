import type { ServerResponse } from 'node:http';
import { type KubeObject, status } from '@fairlead/kube/protocol';
import type { RequestApi } from '../api/create-api.js';
import { invalid } from '../machinery/api-error.js';
import type { Clock } from '../machinery/clock.js';
import { type FieldError, forbiddenField, notSupported } from '../machinery/field-error.js';
import type { ResourceDefinition } from '../registry/definition.js';
import type { Committed } from '../storage/store.js';
import { booleanParam, type Exchange, integerParam, param } from './exchange.js';
import { checkNumbers, parseResourceVersion } from './list.js';
import type { Accepted } from './negotiation.js';
import { protobufType } from './protobuf/decode.js';
import type { Selection } from './selection.js';
import type { IncludeObject } from './table.js';
import { bookmarkLine, errorLine, eventLine, forgetLines, seenChange, type View, viewOf } from './watch-event.js';

const bookmarkEveryMs = 60_000;
const shortestTimeoutSeconds = 1800;
const beforeEndSeconds = 2;
/** A reader who is this far behind is let go; it will list anew. */
const maxPendingBytes = 32 * 1024 * 1024;
/** In a storm of changes a watcher is written to this often: each write costs more than what is in it. After a quiet moment it is written to at once. */
const flushEveryMs = 15;

/**
 * All watches at the door. Every watcher sees the changes of its resource in the order of their revisions, each once, from the revision it named on; what
 * it cannot take at once waits for it in shared buffers, up to 32 MiB.
 */
export class Watches {
  private readonly watchers = new Set<Watcher>();
  private readonly dirty = new Set<Watcher>();
  private readonly written = new Set<KubeObject>();
  private flushing = false;
  private flushedAt = 0;
  private undoBookmarks: (() => void) | undefined;

  constructor(
    private readonly api: RequestApi,
    private readonly clock: Clock,
    private readonly random: () => number,
  ) {}

  get size(): number {
    return this.watchers.size;
  }

  /** Answers the exchange until one side ends it. Throws what is refused before the first byte. */
  serve(
    exchange: Exchange,
    accepted: Accepted,
    definition: ResourceDefinition,
    namespace: string | undefined,
    selected: Selection,
    include: IncludeObject,
  ): void {
    checkNumbers(exchange);
    checkWatchOptions(exchange);
    const from = startOf(exchange, this.api.store.revision);
    const { response } = exchange;
    const view = viewOf(definition, accepted, include);
    response.writeHead(200, { 'Content-Type': view.binary ? `${protobufType};stream=watch` : 'application/json' });
    response.flushHeaders();
    response.socket?.setNoDelay(true);
    const oldest = this.api.store.oldestRevision;
    if (from !== undefined && from < oldest) {
      const refused = status(410, 'Expired', `too old resource version: ${from} (${oldest})`);
      response.end(errorLine(refused, view));
      return;
    }

    const watcher = new Watcher(response, view, selected, namespace, booleanParam(exchange, 'allowWatchBookmarks') === true, (object) =>
      this.dirtied(watcher, object),
    );
    const now = this.clock.now();
    if (from === undefined) {
      for (const object of this.api.store.list(definition.storage, namespace))
        if (selected.matches(object)) watcher.tell('ADDED', object, now);
      watcher.seen = this.api.store.revision;
      const marked = booleanParam(exchange, 'sendInitialEvents') === true || !param(exchange, 'resourceVersion');
      if (marked && watcher.bookmarks) watcher.push(bookmarkLine(view, this.api.store.revision, { 'k8s.io/initial-events-end': 'true' }));
    } else {
      watcher.seen = from;
      for (const committed of this.api.store.since(definition.storage, from)) watcher.offer(committed, now);
    }
    this.keep(watcher, exchange);
  }

  /** Ends all of them. */
  close(): void {
    for (const watcher of this.watchers) watcher.end();
    this.undoBookmarks?.();
    this.undoBookmarks = undefined;
  }

  private keep(watcher: Watcher, exchange: Exchange): void {
    this.watchers.add(watcher);
    const undo = this.api.store.onChange(watcher.view.definition.storage, (committed) => watcher.offer(committed, this.clock.now()));
    const asked = integerParam(exchange, 'timeoutSeconds') ?? 0;
    const seconds = asked > 0 ? asked : shortestTimeoutSeconds * (1 + this.random());
    const undoTimeout = this.clock.after(seconds * 1000, () => watcher.end());
    // The last word of a watch is how far it saw.
    const undoLast = this.clock.after(Math.max(seconds - beforeEndSeconds, seconds / 2) * 1000, () => this.mark(watcher));
    exchange.response.on('close', () => {
      undo();
      undoTimeout();
      undoLast();
      this.watchers.delete(watcher);
      this.dirty.delete(watcher);
    });
    this.undoBookmarks ??= this.clock.after(bookmarkEveryMs, () => this.bookmark());
  }

  private bookmark(): void {
    this.undoBookmarks = this.watchers.size > 0 ? this.clock.after(bookmarkEveryMs, () => this.bookmark()) : undefined;
    for (const watcher of this.watchers) this.mark(watcher);
  }

  private mark(watcher: Watcher): void {
    if (watcher.bookmarks) watcher.push(bookmarkLine(watcher.view, this.api.store.revision));
  }

  /** What came in one turn leaves in one piece; in a storm, what came in several. */
  private dirtied(watcher: Watcher, object: KubeObject | undefined): void {
    this.dirty.add(watcher);
    if (object) this.written.add(object);
    if (this.flushing) return;
    this.flushing = true;
    // The machine's time, whatever the cluster's.
    const sinceLast = performance.now() - this.flushedAt;
    if (sinceLast >= flushEveryMs) setImmediate(() => this.flush());
    else setTimeout(() => this.flush(), flushEveryMs - sinceLast);
  }

  private flush(): void {
    this.flushing = false;
    this.flushedAt = performance.now();
    const dirty = [...this.dirty];
    this.dirty.clear();
    for (const each of dirty) each.flush();
    for (const object of this.written) forgetLines(object);
    this.written.clear();
  }
}

class Watcher {
  /** The last revision that was told or passed over. */
  seen = 0;
  private pending: Buffer[] = [];
  private pendingBytes = 0;
  private blocked = false;
  private first = true;

  constructor(
    private readonly response: ServerResponse,
    readonly view: View,
    private readonly selected: Selection,
    private readonly namespace: string | undefined,
    readonly bookmarks: boolean,
    private readonly dirtied: (object: KubeObject | undefined) => void,
  ) {
    response.on('drain', () => {
      this.blocked = false;
      this.flush();
    });
  }

  offer(committed: Committed, now: number): void {
    if (committed.revision <= this.seen) return;
    this.seen = committed.revision;
    if (this.namespace !== undefined && (committed.change.object.metadata.namespace ?? '') !== this.namespace) return;
    const event = seenChange(committed, this.selected);
    if (event) this.tell(event.type, event.object, now);
  }

  tell(type: 'ADDED' | 'MODIFIED' | 'DELETED', object: KubeObject, now: number): void {
    this.push(eventLine(type, object, this.view, { first: this.first, now }), object);
    this.first = false;
  }

  push(line: Buffer, object?: KubeObject): void {
    this.pending.push(line);
    this.pendingBytes += line.length;
    if (this.pendingBytes > maxPendingBytes && this.blocked) this.response.destroy();
    else this.dirtied(object);
  }

  flush(): void {
    if (this.blocked || this.pending.length === 0 || this.response.destroyed) return;
    const whole = this.pending.length === 1 && this.pending[0] ? this.pending[0] : Buffer.concat(this.pending);
    this.pending = [];
    this.pendingBytes = 0;
    this.blocked = !this.response.write(whole);
  }

  end(): void {
    this.flush();
    this.response.end();
  }
}

/** Undefined: everything that is there now, as ADDED. */
function startOf(exchange: Exchange, current: number): number | undefined {
  const version = param(exchange, 'resourceVersion') ?? '';
  const initial = booleanParam(exchange, 'sendInitialEvents');
  const asked = version === '' || version === '0' ? undefined : parseResourceVersion(version, 500);
  return initial === true ? undefined : initial === false ? (asked ?? current) : asked;
}

function checkWatchOptions(exchange: Exchange): void {
  const errors: FieldError[] = [];
  const field = 'resourceVersionMatch';
  const match = param(exchange, field) ?? '';
  const initial = booleanParam(exchange, 'sendInitialEvents');
  if (initial !== undefined && match !== 'NotOlderThan')
    errors.push(forbiddenField(field, 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan'));
  if (match !== '') {
    if (initial === undefined)
      errors.push(forbiddenField(field, 'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided'));
    if (match !== 'NotOlderThan') errors.push(notSupported(field, match, ['NotOlderThan']));
    if (param(exchange, 'continue')) errors.push(forbiddenField(field, 'resourceVersionMatch is forbidden when continue is provided'));
  }
  if (errors.length > 0) throw invalid({ group: 'meta.k8s.io', kind: 'ListOptions' }, '', errors);
}
