import { expect, test } from 'vitest';
import { type WatchEvent, watchEvents } from './watch-stream.js';

async function read(pieces: Uint8Array[], maxBytes?: number): Promise<WatchEvent[]> {
  const source = (async function* () {
    yield* pieces;
  })();
  const events: WatchEvent[] = [];
  for await (const batch of watchEvents(source, maxBytes)) events.push(...batch);
  return events;
}

const line = (type: string, object: unknown): string => `${JSON.stringify({ type, object })}\n`;

test.each([1, 2, 3, 7, 1000])('events in pieces of %s bytes are the same events', async (size) => {
  const bytes = Buffer.from(
    line('ADDED', { metadata: { name: 'é€😀' } }) +
      line('BOOKMARK', { metadata: { resourceVersion: '7' } }) +
      line('BOOKMARK', { metadata: { resourceVersion: '8', annotations: { 'k8s.io/initial-events-end': 'true' } } }) +
      line('ERROR', { kind: 'Status', status: 'Failure', code: 410, reason: 'Expired', message: 'old' }),
  );
  const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
  expect(await read(pieces)).toMatchObject([
    { type: 'ADDED', object: { metadata: { name: 'é€😀' } } },
    { type: 'BOOKMARK', resourceVersion: '7', initialEnd: false },
    { type: 'BOOKMARK', resourceVersion: '8', initialEnd: true },
    { type: 'ERROR', status: { code: 410, reason: 'Expired' } },
  ]);
});

test('a last line that was cut is no event', async () => {
  expect(await read([Buffer.from(`${line('ADDED', { metadata: { name: 'a' } })}{"type":"ADD`)])).toHaveLength(1);
});

test.each(['{', '[]', '{"type":"ADDED","object":{}}', '{"type":"SURPRISE","object":{"metadata":{"name":"a"}}}', 'null'])(
  '%s is malformed',
  async (text) => {
    await expect(read([Buffer.from(`${text}\n`)])).rejects.toMatchObject({ name: 'ClusterUnreachable', why: 'malformed answer' });
  },
);

test('a line without an end is cut off', async () => {
  await expect(read([Buffer.alloc(600, 'x'), Buffer.alloc(600, 'x')], 1000)).rejects.toMatchObject({ why: 'answer too large' });
});
