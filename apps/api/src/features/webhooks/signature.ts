import { createHmac } from 'node:crypto';

/** `t=<unix seconds>,v1=<hex>`: HMAC-SHA256 of "<t>.<body>" with the webhook's secret. A receiver that checks `t` cannot be sent an old body anew. */
export function sign(secret: string, body: string, at: Date): string {
  const t = Math.floor(at.getTime() / 1000);
  return `t=${t},v1=${createHmac('sha256', secret).update(`${t}.${body}`).digest('hex')}`;
}
