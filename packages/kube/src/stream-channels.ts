import { isRecord } from './objects.js';
import { parseStatus } from './status.js';

/** Subprotocols of exec and attach over WebSocket, best first: v5 can say that stdin has ended. */
export const streamSubprotocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io'] as const;

/** The first byte of every message. */
export const channel = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4, close: 255 } as const;

export interface Frame {
  channel: number;
  data: Uint8Array;
}

/** How a process ended, as channel 3 tells. */
export type StreamEnd = { ok: true } | { ok: false; exitCode: number } | { ok: false; message: string };

/** One WebSocket message. */
export function encodeFrame(to: number, data: Uint8Array | string): Buffer {
  return Buffer.concat([Buffer.of(to), typeof data === 'string' ? Buffer.from(data, 'utf8') : data]);
}

/** Undefined for a message without a channel. The data is a view, not a copy. */
export function decodeFrame(message: Uint8Array): Frame | undefined {
  const first = message[0];
  return first === undefined ? undefined : { channel: first, data: message.subarray(1) };
}

/** Terminal size in characters, 1 to 65,535. Throws RangeError. */
export function resizeFrame(columns: number, rows: number): Buffer {
  for (const size of [columns, rows]) if (!Number.isInteger(size) || size < 1 || size > 65_535) throw new RangeError('not a terminal size');
  return encodeFrame(channel.resize, JSON.stringify({ Width: columns, Height: rows }));
}

/** Says that a channel (stdin) has ended. Only v5 knows it: a v4 server would take it for an error. */
export function closeFrame(which: number): Buffer {
  return Buffer.of(channel.close, which);
}

/** Reads the Status on channel 3. Anything unreadable is a failure without an exit code. */
export function readStreamEnd(data: Uint8Array): StreamEnd {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(data).toString('utf8'));
  } catch {
    return { ok: false, message: 'the stream ended without a readable status' };
  }
  // The kubelet leaves the kind out.
  const status = parseStatus(isRecord(value) ? { kind: 'Status', ...value } : value);
  if (!status) return { ok: false, message: 'the stream ended without a readable status' };
  if (status.status === 'Success') return { ok: true };
  const code = status.details?.causes?.find(({ reason }) => reason === 'ExitCode')?.message;
  if (status.reason === 'NonZeroExitCode' && code !== undefined && /^[0-9]{1,3}$/.test(code)) return { ok: false, exitCode: Number(code) };
  return { ok: false, message: status.message };
}
