import type { IncomingMessage } from 'node:http';

/** A whole body; null when it is larger than `maxBytes`. Rejects when it breaks off. */
export async function readBody(stream: IncomingMessage, maxBytes: number): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
