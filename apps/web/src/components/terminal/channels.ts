/** Frames of v5.channel.k8s.io: the first byte names the channel, the rest is its data. Source: kubernetes.io, KEP-4006. */
export const channel = { stdin: 0, stdout: 1, stderr: 2, status: 3, resize: 4, close: 255 } as const;

const encoder = new TextEncoder();

export function stdinFrame(text: string): Uint8Array<ArrayBuffer> {
  return frame(channel.stdin, encoder.encode(text));
}

export function resizeFrame(columns: number, rows: number): Uint8Array<ArrayBuffer> {
  return frame(channel.resize, encoder.encode(JSON.stringify({ Width: columns, Height: rows })));
}

/** Only version 5 knows it: nothing more comes on stdin. */
export const closeStdinFrame = (): Uint8Array<ArrayBuffer> => new Uint8Array([channel.close, channel.stdin]);

export function readFrame(data: ArrayBuffer): { channel: number; bytes: Uint8Array<ArrayBuffer> } {
  return { channel: new Uint8Array(data)[0] ?? -1, bytes: new Uint8Array(data, Math.min(1, data.byteLength)) };
}

/** How a command ended. `exitCode` null: it did not end by itself. */
export interface Ending {
  exitCode: number | null;
  message: string;
}

/** Reads the Status that comes on the status channel when the command is over. */
export function readStatus(bytes: Uint8Array<ArrayBuffer>): Ending {
  const text = new TextDecoder().decode(bytes);
  try {
    const status: unknown = JSON.parse(text);
    if (!isStatus(status)) return { exitCode: null, message: text };
    if (status.status === 'Success') return { exitCode: 0, message: 'exit 0' };
    const code = Number(status.details?.causes?.find(({ reason }) => reason === 'ExitCode')?.message);
    return Number.isInteger(code)
      ? { exitCode: code, message: `exit ${code}` }
      : { exitCode: null, message: status.message ?? status.reason ?? 'no reason given' };
  } catch {
    return { exitCode: null, message: text };
  }
}

interface Status {
  status?: string;
  message?: string;
  reason?: string;
  details?: { causes?: { reason?: string; message?: string }[] };
}
const isStatus = (value: unknown): value is Status => typeof value === 'object' && value !== null && 'status' in value;

function frame(number: number, data: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(data.length + 1);
  bytes[0] = number;
  bytes.set(data, 1);
  return bytes;
}
