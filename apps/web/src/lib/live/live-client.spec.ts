import type { ClientMessage, ServerMessage } from '@fairlead/shared';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { LiveClient, type LiveOptions, type Socket } from './live-client';

type Peer = { socket: WebSocket; got: ClientMessage[] };

let server: WebSocketServer;
let port: number;
let peers: Peer[];
let client: LiveClient;
let mute = false;

/** A scripted server: answers hello, pings and subscriptions; the test sends the rest. */
async function listen(onSubscribe?: (peer: Peer, message: ClientMessage & { type: 'subscribe' }) => void) {
  server = new WebSocketServer({ host: '127.0.0.1', port: port || 0 });
  await new Promise((done) => server.once('listening', done));
  const address = server.address();
  port = typeof address === 'object' && address ? address.port : 0;
  server.on('connection', (socket) => {
    const peer: Peer = { socket, got: [] };
    peers.push(peer);
    socket.on('message', (data) => {
      const message = JSON.parse(String(data)) as ClientMessage;
      peer.got.push(message);
      if (mute) return;
      if (message.type === 'hello') send(peer, { type: 'welcome', version: 1, session: 'one', heartbeatMs: 1000, serverTime: now() });
      if (message.type === 'ping') send(peer, { type: 'pong', serverTime: now() });
      if (message.type === 'subscribe') onSubscribe?.(peer, message);
    });
  });
}

const now = () => new Date().toISOString();
const send = (peer: Peer, message: ServerMessage) => peer.socket.send(JSON.stringify(message));
const row = (key: string, name = key) => ({ key, at: '', type: 'Normal', reason: name, message: '', object: '', count: 1 });
const snapshotOf =
  (...names: string[]) =>
  (peer: Peer, message: ClientMessage & { type: 'subscribe' }) =>
    send(peer, { type: 'snapshot', id: message.id, at: 'e.1', items: names.map((n) => row(n)), total: names.length });

function start(options: Partial<LiveOptions> = {}) {
  client = new LiveClient({
    connect: () => new WebSocket(`ws://127.0.0.1:${port}`) as unknown as Socket,
    nextFrame: (commit) => setTimeout(commit, 0),
    random: () => 0,
    firstRetryMs: 20,
    ...options,
  });
  return client;
}

beforeEach(() => {
  peers = [];
  port = 0;
  mute = false;
});
afterEach(async () => {
  client.close();
  for (const peer of peers) peer.socket.terminate();
  await new Promise((done) => server.close(done));
});

it('subscribes after welcome, takes the snapshot, then changes in place', async () => {
  await listen(snapshotOf('a', 'b'));
  const store = start().store('events', { app: '1' });
  client.retain('events', { app: '1' });
  await vi.waitFor(() => expect(store.order).toEqual(['a', 'b']));
  expect(store.state).toMatchObject({ phase: 'live' });
  expect(peers[0]?.got.map((m) => m.type).slice(0, 2)).toEqual(['hello', 'subscribe']);

  const untouched = store.row('b');
  const rowA = vi.fn();
  const rowB = vi.fn();
  store.subscribeRow('a', rowA);
  store.subscribeRow('b', rowB);
  const peer = peers[0] as Peer;
  send(peer, { type: 'changes', id: 's1', at: 'e.2', changes: [{ put: row('a', 'new') }, { put: row('c') }] });
  await vi.waitFor(() => expect(store.order).toEqual(['a', 'b', 'c']));
  expect(store.row('a')?.reason).toBe('new');
  expect(store.row('b')).toBe(untouched);
  expect(rowA).toHaveBeenCalledOnce();
  expect(rowB).not.toHaveBeenCalled();
  send(peer, { type: 'changes', id: 's1', at: 'e.3', changes: [{ remove: 'b' }] });
  await vi.waitFor(() => expect(store.order).toEqual(['a', 'c']));
});

it('commits a burst once a frame', async () => {
  await listen(snapshotOf('a'));
  let frame: (() => void) | null = null;
  const store = start({
    nextFrame: (commit) => {
      frame = commit;
    },
  }).store('events', {});
  client.retain('events', {});
  await vi.waitFor(() => expect(frame).not.toBeNull());
  const heard = vi.fn();
  store.subscribe(heard);
  for (let n = 0; n < 100; n++) send(peers[0] as Peer, { type: 'changes', id: 's1', at: `e.${n}`, changes: [{ put: row('a', `v${n}`) }] });
  await vi.waitFor(() => expect(store.at).toBe('e.99'));
  expect(heard).not.toHaveBeenCalled();
  (frame as unknown as () => void)();
  expect(heard).toHaveBeenCalledOnce();
  expect(store.row('a')?.reason).toBe('v99');
});

it('says stale at a cut, resumes from where it was, and counts what it caught up', async () => {
  let first = true;
  await listen((peer, message) => {
    if (first) snapshotOf('a')(peer, message);
    else send(peer, { type: 'changes', id: message.id, at: 'e.9', changes: [{ put: row('z') }] });
    first = false;
  });
  const store = start().store('events', {});
  client.retain('events', {});
  await vi.waitFor(() => expect(store.order).toEqual(['a']));
  const states: string[] = [];
  store.subscribe(() => states.push(store.state.phase));
  peers[0]?.socket.terminate();
  await vi.waitFor(() => expect(store.order).toEqual(['a', 'z']));
  expect(states[0]).toBe('stale');
  expect(store.state).toEqual({ phase: 'live', caughtUp: 1 });
  expect(peers[1]?.got).toContainEqual({ type: 'subscribe', id: 's1', topic: 'events', params: {}, from: 'e.1' });
  expect(peers[1]?.got[0]).toEqual({ type: 'hello', version: 1, resume: 'one' });
});

it('marks a silent socket stale within three seconds, and live again when it speaks', async () => {
  await listen(snapshotOf('a'));
  const store = start().store('events', {});
  client.retain('events', {});
  await vi.waitFor(() => expect(store.state.phase).toBe('live'));
  const began = Date.now();
  mute = true;
  await vi.waitFor(() => expect(store.state.phase).toBe('stale'), { timeout: 4_000 });
  expect(Date.now() - began).toBeLessThan(3_500); // 3 s plus the tick of this wait
  expect(client.connection.phase).toBe('stale');
  mute = false;
  await vi.waitFor(() => expect(store.state.phase).toBe('live'), { timeout: 4_000 });
  expect(peers).toHaveLength(1);
});

it('a cluster that is away makes its own topic stale only', async () => {
  await listen(snapshotOf('a'));
  const one = start().store('events', { app: '1' });
  const two = client.store('events', { app: '2' });
  client.retain('events', { app: '1' });
  client.retain('events', { app: '2' });
  await vi.waitFor(() => expect(two.state.phase).toBe('live'));
  send(peers[0] as Peer, { type: 'state', id: 's1', state: 'stale', since: '2026-11-24T14:02:11.000Z', reason: 'connection refused' });
  await vi.waitFor(() => expect(one.state).toMatchObject({ phase: 'stale', reason: 'connection refused' }));
  expect(two.state.phase).toBe('live');
  send(peers[0] as Peer, { type: 'state', id: 's1', state: 'live', since: now(), reason: null });
  await vi.waitFor(() => expect(one.state.phase).toBe('live'));
});

it('keeps a subscription for a moment after its last user, then ends it', async () => {
  await listen(snapshotOf('a'));
  const store = start({ lingerMs: 60 }).store('events', {});
  client.retain('events', {})();
  const release = client.retain('events', {});
  await vi.waitFor(() => expect(store.order).toEqual(['a']));
  expect(peers[0]?.got.filter((m) => m.type === 'subscribe')).toHaveLength(1);
  release();
  await vi.waitFor(() => expect(peers[0]?.got).toContainEqual({ type: 'unsubscribe', id: 's1' }));
});

it('stops when the session has ended, and goes on after signing in', async () => {
  await listen(snapshotOf('a'));
  const signedOut = vi.fn();
  const store = start({ onSignedOut: signedOut }).store('events', {});
  client.retain('events', {});
  await vi.waitFor(() => expect(store.state.phase).toBe('live'));
  peers[0]?.socket.close(4401);
  await vi.waitFor(() => expect(client.connection).toMatchObject({ phase: 'stopped', reason: 'signed-out' }));
  expect(signedOut).toHaveBeenCalledOnce();
  client.retryNow();
  await vi.waitFor(() => expect(store.state.phase).toBe('live'));
});

it('shows what the server refused', async () => {
  await listen((peer, message) => send(peer, { type: 'error', id: message.id, code: 'forbidden', message: 'Needs viewer in shop.' }));
  const store = start().store('events', {});
  client.retain('events', {});
  await vi.waitFor(() => expect(store.state).toEqual({ phase: 'refused', code: 'forbidden', message: 'Needs viewer in shop.' }));
});

it('pauses and says so, then catches up', async () => {
  await listen(snapshotOf('a'));
  const store = start().store('events', {});
  client.retain('events', {});
  await vi.waitFor(() => expect(store.state.phase).toBe('live'));
  client.pause();
  expect(client.connection.phase).toBe('paused');
  await vi.waitFor(() => expect(store.state.phase).toBe('stale'));
  client.retryNow();
  await vi.waitFor(() => expect(store.state.phase).toBe('live'));
});
