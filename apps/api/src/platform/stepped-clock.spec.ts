import { describe, expect, it } from 'vitest';
import { SteppedClock } from './stepped-clock.js';

describe('a stepped clock', () => {
  it('begins in the past, goes forward by steps, and ends in the present', () => {
    const clock = new SteppedClock(3_600_000);
    const behind = () => Date.now() - clock.now().getTime();
    expect(behind()).toBeGreaterThanOrEqual(3_600_000);
    expect(clock.step(600_000)).toBe(600_000);
    expect(behind()).toBeLessThan(3_001_000);
    expect(clock.step(10_000_000)).toBe(3_000_000);
    expect(clock.caughtUp).toBe(true);
    expect(behind()).toBeLessThan(1_000);
    expect(clock.step(1)).toBe(0);
  });

  it('never shows less passed than before', () => {
    const clock = new SteppedClock(1_000);
    const before = clock.monotonicMs();
    clock.step(500);
    expect(clock.monotonicMs()).toBeGreaterThanOrEqual(before + 500);
  });
});
