import { expect, test } from 'vitest';
import { channel, closeFrame, decodeFrame, encodeFrame, readStreamEnd, resizeFrame } from './stream-channels.js';

test('frames carry a channel and bytes', () => {
  expect(decodeFrame(encodeFrame(channel.stdout, 'hé'))).toEqual({ channel: 1, data: Buffer.from('hé') });
  expect(decodeFrame(new Uint8Array())).toBeUndefined();
  expect([...closeFrame(channel.stdin)]).toEqual([255, 0]);
  expect(resizeFrame(80, 24).toString()).toBe('\u0004{"Width":80,"Height":24}');
  expect(() => resizeFrame(0, 24)).toThrow(RangeError);
});

test.each([
  [{ kind: 'Status', status: 'Success' }, { ok: true }],
  [
    { kind: 'Status', status: 'Failure', reason: 'NonZeroExitCode', details: { causes: [{ reason: 'ExitCode', message: '3' }] } },
    { ok: false, exitCode: 3 },
  ],
  [
    { kind: 'Status', status: 'Failure', reason: 'InternalError', message: 'boom' },
    { ok: false, message: 'boom' },
  ],
  [{ metadata: {}, status: 'Success' }, { ok: true }], // as the kubelet says it
  ['x', { ok: false, message: 'the stream ended without a readable status' }],
])('the end %j', (value, end) => expect(readStreamEnd(Buffer.from(JSON.stringify(value)))).toEqual(end));
