// What a command started, it stops: in the opposite order, whatever ends it.
import { killRunning } from './run.mjs';

/**
 * `add(name, stop, force?)` registers something to stop. `end(code)` stops everything, last first, and exits. The first Ctrl-C or SIGTERM ends
 * with `interrupted`; a second one forces.
 */
export function openLifetime({ interrupted = 130 } = {}) {
  const owned = [];
  let ending;

  const stopAll = async (how) => {
    while (owned.length) {
      const { name, stop, force } = owned.pop();
      await (how === 'force' ? (force ?? stop) : stop)().catch((error) => console.error(`${name} did not stop: ${error.message}`));
    }
  };
  const end = (code) => {
    ending ??= stopAll('gracefully').then(() => process.exit(code));
    return ending;
  };
  const signalled = (signal) => {
    killRunning();
    if (!ending) return void end(interrupted);
    if (signal === 'SIGHUP') return;
    console.error('Stopping at once.');
    for (const { force } of all) void force?.().catch(() => {});
    setTimeout(() => process.exit(130), 3000).unref();
  };
  const all = [];
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, signalled);
  if (process.env.npm_lifecycle_event) endWithShell(() => signalled('SIGHUP'));

  return {
    add(name, stop, force) {
      const entry = { name, stop, force };
      owned.push(entry);
      all.push(entry);
    },
    get ending() {
      return ending !== undefined;
    },
    end,
  };
}

/** A SIGTERM for npm ends npm and the shell between it and us, and goes no further: that the shell is gone is the signal. */
function endWithShell(end) {
  const shell = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(timer);
    end();
  }, 250);
  timer.unref();
}
