import { run } from './run.mjs';
import { progress } from './steps.mjs';

/** A check that found something; what it said is in `tail`. */
const outcome = async (name, work) => {
  const since = performance.now();
  const result = await work().then(
    () => ({ name, ok: true }),
    (error) => ({ name, ok: false, said: (error.tail ?? '').trim() || error.message }),
  );
  progress(`${result.ok ? 'ok    ' : 'FAILED'} ${name} (${((performance.now() - since) / 1000).toFixed(1)} s)`);
  return result;
};

/**
 * Runs all checks, at most `atOnce` at a time, however many fail; each gets its line, and those that failed their words at the end.
 * A check is [name, [command, args, options?], …]: its commands run one after another. Answers whether all passed.
 */
export async function runChecks(checks, { atOnce = 2 } = {}) {
  const waiting = [...checks];
  const results = [];
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [name, ...commands] = next;
      results.push(
        await outcome(name, async () => {
          for (const [command, args, options] of commands) await run(command, args, options);
        }),
      );
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  const failed = results.filter((result) => !result.ok);
  for (const { name, said } of failed) console.error(`\n── ${name}\n${said}`);
  return failed.length === 0;
}
