import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves when `url` answers 2xx; rejects after `timeoutMs`, or when `gone` (a process that should answer) resolves first. */
export async function untilReady(url, { gone = new Promise(() => {}), timeoutMs = 300_000 } = {}) {
  const ended = gone.then((code) => {
    throw new Error(`It ended with ${code} before it answered.`);
  });
  ended.catch(() => {}); // it may end long after we stopped asking
  const deadline = performance.now() + timeoutMs;
  const ask = async () => {
    while (performance.now() < deadline) {
      const answer = await fetch(url, { signal: AbortSignal.timeout(2000) }).catch(() => undefined);
      await answer?.body?.cancel();
      if (answer?.ok) return;
      await sleep(100);
    }
    throw new Error(`${url} did not answer within ${timeoutMs / 1000} s.`);
  };
  await Promise.race([ask(), ended]);
}
