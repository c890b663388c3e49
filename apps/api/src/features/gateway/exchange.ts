import type { Connections } from './connections.js';

const answerMs = 10_000;
const maxAnswerBytes = 4 * 1024 * 1024;

/** One small request with its whole answer. Rejects after 10 s, and for an answer larger than 4 MiB. */
export function exchange(
  connections: Connections,
  { body, ...request }: { path: string; method: string; headers: readonly string[]; body: string },
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let status = 502;
    let left = maxAnswerBytes;
    const settle = (act: () => void) => {
      clearTimeout(timer);
      act();
    };
    const giveUp = (why: string) =>
      settle(() => {
        running.destroy();
        reject(new Error(why));
      });
    const running = connections.exchange(
      { ...request, hasBody: true },
      {
        connected: () => {},
        drained: () => {},
        head: (code) => {
          status = code;
        },
        body: (bytes) => {
          left -= bytes.length;
          if (left < 0) giveUp('the answer is too large');
          else chunks.push(bytes);
        },
        end: () => settle(() => resolve({ status, body: Buffer.concat(chunks).toString('utf8') })),
        failed: (error) => settle(() => reject(error)),
      },
    );
    const timer = setTimeout(() => giveUp('the cluster did not answer in time'), answerMs);
    running.write(Buffer.from(body));
    running.end();
  });
}
