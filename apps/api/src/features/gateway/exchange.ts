import type { Agent } from 'node:https';
import { request } from 'node:https';
import { readBody } from './read-body.js';

/** One small request with its whole answer. Rejects after 10 s, and for an answer larger than 4 MiB. */
export function exchange(ask: {
  agent: Agent;
  host: string;
  port: number;
  path: string;
  method: string;
  headers: string[];
  body: string;
}): Promise<{ status: number; body: string }> {
  const { body, ...options } = ask;
  return new Promise((resolve, reject) => {
    const upstream = request({ ...options, setHost: false, signal: AbortSignal.timeout(10_000) }, (answer) => {
      readBody(answer, 4 * 1024 * 1024).then(
        (text) =>
          text === null
            ? reject(new Error('the answer is too large'))
            : resolve({ status: answer.statusCode ?? 502, body: text.toString('utf8') }),
        reject,
      );
    });
    upstream.on('error', reject);
    upstream.end(body);
  });
}
