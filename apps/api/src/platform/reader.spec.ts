import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Reader } from './reader.js';

/** What stands in the source when a read begins, told as late as the test says. */
function source() {
  let stands = 0;
  const told: number[] = [];
  const waiting: (() => void)[] = [];
  const reader = new Reader(async () => {
    const seen = stands;
    await new Promise<void>((resolve) => waiting.push(resolve));
    told.push(seen);
  });
  const change = () => {
    stands += 1;
    return reader.ask();
  };
  /** Ends the read that runs. */
  const answer = async () => {
    await sleep(0);
    waiting.shift()?.();
    await sleep(0);
  };
  return { reader, change, answer, told, running: () => waiting.length };
}

describe('a reader', () => {
  it('lets no older answer come after a newer one, and ends with what stands', async () => {
    const { change, answer, told, running } = source();
    void change();
    await sleep(0);
    void change();
    void change();
    await sleep(0);
    expect(running()).toBe(1);
    await answer();
    await answer();
    expect(told).toEqual([1, 3]);
    expect(running()).toBe(0);
  });

  it('answers with a read that began after the question', async () => {
    const { change, answer, told } = source();
    const first = change();
    await sleep(0);
    const second = change();
    await answer();
    await first;
    expect(told).toEqual([1]);
    await answer();
    await second;
    expect(told).toEqual([1, 2]);
  });

  it('goes on after a read that failed, whose error goes to those who asked', async () => {
    let attempts = 0;
    const reader = new Reader(async () => {
      attempts += 1;
      if (attempts === 1) throw new Error('away');
    });
    await expect(reader.ask()).rejects.toThrow('away');
    await reader.ask();
    expect(attempts).toBe(2);
  });
});
