import type { ServerResponse } from 'node:http';
import { json, type Script } from './scripted-server.js';

interface ConfigMap {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace: string;
    uid: string;
    resourceVersion: string;
    managedFields: unknown[];
    annotations: Record<string, string>;
  };
  data: Record<string, string>;
}

/** Lists and watches of one resource, as much of the API server's contract as a reflector meets. */
export class FakeApi {
  streamingLists = true;
  /** Watches from an older version than this get 410. */
  oldest = 0;
  refuse: { code: number; reason: string } | undefined;
  /** Ignores sendInitialEvents, as servers before 1.27 do. */
  ignoresStreamingLists = false;
  readonly lists: URL[] = [];
  readonly watches: URL[] = [];
  private version = 100;
  private readonly objects = new Map<string, ConfigMap>();
  private readonly log: { version: number; event: { type: string; object: ConfigMap } }[] = [];
  private readonly open = new Set<ServerResponse>();

  readonly script: Script = (request, response) => {
    const url = new URL(request.url ?? '', 'https://x');
    if (url.pathname === '/version') return json(response, 200, { gitVersion: 'v0' });
    const { refuse } = this;
    if (refuse) return failure(response, refuse.code, refuse.reason);
    if (url.searchParams.get('watch')) return this.watch(url, response);
    this.list(url, response);
  };

  get watching(): number {
    return this.open.size;
  }

  put(name: string, value: string, uid = `uid-${name}`): void {
    const type = this.objects.has(name) ? 'MODIFIED' : 'ADDED';
    const metadata = { name, namespace: 'n', uid, resourceVersion: String(++this.version), managedFields: [{}], annotations: {} };
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { value } };
    this.objects.set(name, object);
    this.tell(type, object);
  }

  remove(name: string): void {
    const found = this.objects.get(name);
    if (!found) return;
    this.objects.delete(name);
    this.tell('DELETED', { ...found, metadata: { ...found.metadata, resourceVersion: String(++this.version) } });
  }

  bookmark(): void {
    for (const response of this.open) send(response, { type: 'BOOKMARK', object: { metadata: { resourceVersion: String(this.version) } } });
  }

  /** The server's own time limit: watches end without an error. */
  endWatches(): void {
    for (const response of this.open) response.end();
  }

  /** Compaction: what was before now cannot be resumed. */
  forgetHistory(): void {
    this.oldest = this.version + 1;
    this.log.length = 0;
    this.version++;
  }

  private list(url: URL, response: ServerResponse): void {
    this.lists.push(url);
    const from = Number(url.searchParams.get('continue') ?? 0);
    const limit = Number(url.searchParams.get('limit') ?? 500);
    const all = [...this.objects.values()];
    const items = all.slice(from, from + limit).map(({ metadata, data }) => ({ metadata, data }));
    const next = from + limit < all.length ? { continue: String(from + limit) } : {};
    json(response, 200, { apiVersion: 'v1', kind: 'ConfigMapList', metadata: { resourceVersion: String(this.version), ...next }, items });
  }

  private watch(url: URL, response: ServerResponse): void {
    this.watches.push(url);
    const initial = url.searchParams.get('sendInitialEvents') === 'true';
    if (initial && !this.streamingLists) {
      failure(response, 422, 'Invalid');
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    this.open.add(response);
    response.on('close', () => this.open.delete(response));
    const from = Number(url.searchParams.get('resourceVersion') ?? 0);
    if (initial || from === 0) {
      for (const object of this.objects.values()) send(response, { type: 'ADDED', object });
      const metadata = { resourceVersion: String(this.version), annotations: { 'k8s.io/initial-events-end': 'true' } };
      if (!this.ignoresStreamingLists) send(response, { type: 'BOOKMARK', object: { metadata } });
    } else if (from < this.oldest) {
      send(response, { type: 'ERROR', object: { kind: 'Status', status: 'Failure', code: 410, reason: 'Expired', message: 'too old' } });
      response.end();
    } else {
      for (const { version, event } of this.log) if (version > from) send(response, event);
    }
  }

  private tell(type: string, object: ConfigMap): void {
    const event = { type, object };
    this.log.push({ version: this.version, event });
    for (const response of this.open) send(response, event);
  }
}

function send(response: ServerResponse, event: unknown): void {
  response.write(`${JSON.stringify(event)}\n`);
}

function failure(response: ServerResponse, code: number, reason: string): void {
  json(response, code, { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message: 'no' });
}
