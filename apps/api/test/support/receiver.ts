import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WebhookPayload } from '@fairlead/shared';

export interface Received {
  event: string;
  delivery: string;
  signature: string;
  text: string;
  body: WebhookPayload;
}

/** What listens at the other end of a webhook. */
export class Receiver {
  readonly received: Received[] = [];
  /** What it answers, by what came. 0: nothing at all. */
  answer: (received: Received) => number = () => 204;
  url = '';
  private server: Server | null = null;

  async start(): Promise<this> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const header = (name: string) => String(request.headers[name]);
        const received = {
          event: header('fairlead-event'),
          delivery: header('fairlead-delivery'),
          signature: header('fairlead-signature'),
          text,
          body: JSON.parse(text) as WebhookPayload,
        };
        this.received.push(received);
        const status = this.answer(received);
        if (status !== 0) response.writeHead(status).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?key=canary`;
    return this;
  }

  async close(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve));
  }
}

/** As a receiver would: by the documentation alone. */
export function isSigned({ signature, text }: Received, secret: string, now = Date.now()): boolean {
  const found = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(signature);
  if (!found || Math.abs(now / 1000 - Number(found[1])) > 300) return false;
  const wanted = createHmac('sha256', secret).update(`${found[1]}.${text}`).digest();
  return timingSafeEqual(wanted, Buffer.from(found[2] ?? '', 'hex'));
}
