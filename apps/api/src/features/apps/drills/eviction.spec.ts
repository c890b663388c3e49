import { describe, expect, it } from 'vitest';
import type { Clock } from '../../../platform/clock.js';
import { type Eviction, evictAll, evictionWords, returnWords } from './eviction.js';

/** Time that passes only by sleeping. */
function sleeper(): Clock {
  let ms = 0;
  const sleep = async (time: number) => {
    ms += time;
  };
  return { now: () => new Date(ms), monotonicMs: () => ms, sleep };
}

describe('evicting pods', () => {
  it.each<[string, Record<string, number>, Partial<Eviction>]>([
    ['lets all go that the budget lets go', {}, { evicted: 2, refused: 0, refusal: null, left: [] }],
    ['asks again for one that the budget holds back', { b: 3 }, { evicted: 2, refused: 3, refusal: 'b has to wait', left: [] }],
    ['gives up after a minute', { a: 1000 }, { evicted: 1, refused: 32, refusal: 'a has to wait', left: ['a'] }],
  ])('%s', async (_, holds, expected) => {
    const times = { ...holds };
    const evict = async (pod: string) => {
      const left = times[pod] ?? 0;
      times[pod] = left - 1;
      return left > 0 ? `${pod} has to wait` : null;
    };
    const { eviction, evicted } = await evictAll({ node: 'n1', pods: ['a', 'b'] }, evict, sleeper());
    expect(eviction).toEqual({ node: 'n1', returned: null, ...expected });
    expect(evicted).toHaveLength(expected.evicted ?? 0);
  });

  it('ends at what is not the budget’s word', async () => {
    await expect(evictAll({ node: 'n1', pods: ['a'] }, () => Promise.reject(new Error('gone')), sleeper())).rejects.toThrow('gone');
  });

  const none: Eviction = { node: 'n1', evicted: 2, refused: 0, refusal: null, left: [], returned: null };
  it.each<[Eviction, string]>([
    [none, '2 pods were evicted from n1, which was not cordoned.'],
    [
      { ...none, evicted: 1, refused: 1, refusal: 'x' },
      '1 pod was evicted from n1, which was not cordoned. Its disruption budget held evictions back once, until others were ready: that is the budget working.',
    ],
    [
      { ...none, evicted: 0, refused: 9, refusal: 'It needs 2.', left: ['a'] },
      'No pod was evicted from n1, which was not cordoned. Its disruption budget did not let a go within a minute: that is the budget working. It needs 2.',
    ],
  ])('%#: in words', (eviction, words) => expect(evictionWords(eviction)).toBe(words));

  it('says how many came back', () => {
    expect(returnWords({ ...none, returned: 0 })).toBeNull();
    expect(returnWords({ ...none, returned: 1 })).toBe('1 pod came back to n1, for it was not cordoned.');
  });
});
