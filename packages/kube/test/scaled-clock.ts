import { type Clock, systemClock } from '../src/clock.js';

/** A clock that runs `factor` times as fast as the real one: waits of minutes in milliseconds, with real sockets between. */
export function scaledClock(factor: number): Clock {
  const start = Date.now();
  return {
    now: () => start + (Date.now() - start) * factor,
    sleep: (ms, signal) => systemClock.sleep(ms / factor, signal),
  };
}
