import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { inOrder, LogFeed } from './log-feed';
import { levelOf, logLine, logText } from './log-line';
import { PodLog, type PodLogState } from './pod-log';

/** A cluster that answers log streams as a script says. */
function scripted(onStream: (socket: WebSocket, pod: string, since: string | null, attempt: number) => void) {
  const server = new WebSocketServer({ port: 0 });
  const attempts = new Map<string, number>();
  server.on('connection', (socket, request) => {
    const url = new URL(request.url ?? '', 'http://x');
    const pod = url.pathname.slice(1);
    const attempt = (attempts.get(pod) ?? 0) + 1;
    attempts.set(pod, attempt);
    onStream(socket, pod, url.searchParams.get('sinceTime'), attempt);
  });
  const { port } = server.address() as AddressInfo;
  const connect = (pod: string, since: string | null) =>
    new WebSocket(`ws://127.0.0.1:${port}/${pod}${since ? `?sinceTime=${encodeURIComponent(since)}` : ''}`);
  return { server, connect };
}

const open: { close: () => void }[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

const at = (second: number, text: string) => Buffer.from(`2026-11-24T00:00:0${second}.000000001Z ${text}\n`);
const until = async (what: () => boolean) => {
  const end = Date.now() + 5000;
  while (!what()) {
    if (Date.now() > end) throw new Error('it did not come');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};

describe('PodLog', () => {
  it('comes again after a cut, from the last second it saw, and gives each line once', async () => {
    const asked: (string | null)[] = [];
    const { server, connect } = scripted((socket, _pod, since, attempt) => {
      asked.push(since);
      socket.send(at(1, 'one'));
      socket.send(at(2, 'two'));
      if (attempt === 1) setTimeout(() => socket.terminate(), 10);
      else socket.send(at(3, 'three'));
    });
    open.push(server);
    const lines: string[] = [];
    const states: PodLogState['phase'][] = [];
    const log = new PodLog({
      connect: (since) => connect('web', since),
      follow: true,
      onLines: (read) => lines.push(...read.map(({ text }) => text)),
      onState: ({ phase }) => states.push(phase),
      waitMs: () => 5,
    });
    open.push({ close: () => log.stop() });
    await until(() => lines.length >= 3);
    expect(lines).toEqual(['one', 'two', 'three']);
    expect(asked).toEqual([null, '2026-11-24T00:00:02Z']);
    expect(states).toEqual(['connecting', 'open', 'lost', 'connecting', 'open']);
  });

  it('ends when the stream of a previous container ends', async () => {
    const { server, connect } = scripted((socket) => {
      socket.send(at(1, 'last words'));
      socket.close(1000);
    });
    open.push(server);
    const states: PodLogState['phase'][] = [];
    const log = new PodLog({
      connect: (since) => connect('web', since),
      follow: false,
      onLines: () => {},
      onState: ({ phase }) => states.push(phase),
    });
    open.push({ close: () => log.stop() });
    await until(() => states.includes('ended'));
    expect(states).toEqual(['connecting', 'open', 'ended']);
  });
});

describe('LogFeed', () => {
  it('makes one log of several pods, by time, and keeps the lines of those that go', async () => {
    const { server, connect } = scripted((socket, pod) => {
      if (pod === 'a') setTimeout(() => socket.send(at(1, 'first')), 30);
      else socket.send(at(2, 'second'));
    });
    open.push(server);
    const feed = new LogFeed({ connect, follow: true, nextFrame: (commit) => void setTimeout(commit, 1), clock: String });
    open.push({ close: () => feed.stop() });
    feed.follow(['b', 'a']);
    await until(() => feed.lines.count >= 2);
    expect([0, 1].map((number) => feed.lines.at(number)?.text)).toEqual(['first', 'second']);
    feed.follow(['a']);
    await until(() => feed.lines.count >= 3);
    expect(feed.lines.at(2)).toMatchObject({ kind: 'marker', text: 'b is gone' });
    expect(feed.lines.at(0)?.text).toBe('first');
  });
});

describe('lines', () => {
  it('without a time stay behind the one before', () => {
    const lines = [
      logLine('a', '2026-11-24T00:00:05Z', 'boom'),
      logLine('a', null, '  at x'),
      logLine('b', '2026-11-24T00:00:01Z', 'early'),
    ];
    expect(inOrder(lines).map(({ text }) => text)).toEqual(['early', 'boom', '  at x']);
  });
  it.each([
    ['2026 ERROR no', 'error'],
    ['level=warn msg=x', 'warn'],
    ['[Warning] x', 'warn'],
    ['{"level":"fatal"}', 'error'],
    ['terror in errors', null],
    ['GET /error 200', null],
  ])('%s has level %s', (text, level) => expect(levelOf(text)).toBe(level));
  it('are kept as text without escapes', () => {
    expect(logText([logLine('a', '2026-11-24T00:00:05Z', '\x1b[31mboom')], true)).toBe('2026-11-24T00:00:05Z a boom\n');
  });
});
