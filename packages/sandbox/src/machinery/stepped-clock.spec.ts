import { describe, expect, it } from 'vitest';
import { SteppedClock } from './stepped-clock.js';

describe('a clock that is put forward', () => {
  it('begins in the past and never passes the present', () => {
    const clock = new SteppedClock(60_000);
    // Read first: the present goes on meanwhile.
    const begun = clock.now();
    expect(Date.now() - begun).toBeGreaterThanOrEqual(60_000);
    expect(clock.step(50_000)).toBe(50_000);
    expect(clock.step(50_000)).toBe(10_000);
    expect(Date.now() - clock.now()).toBeLessThan(1000);
  });

  it('lets everything happen at its own moment, in order', () => {
    const clock = new SteppedClock(60_000);
    const start = clock.now();
    const seen: string[] = [];
    const note = (name: string) => () => seen.push(`${name} ${Math.round((clock.now() - start) / 1000)}`);
    clock.after(30_000, note('later'));
    clock.after(10_000, () => {
      note('first')();
      clock.after(5000, note('second'));
    });
    clock.after(59_000, note('not yet'));
    const undo = clock.after(20_000, note('undone'));
    undo();
    clock.step(40_000);
    expect(seen).toEqual(['first 10', 'second 15', 'later 30']);
  });

  it('runs by itself as well', async () => {
    const clock = new SteppedClock(60_000);
    await new Promise<void>((resolve) => clock.after(5, resolve));
  });
});
