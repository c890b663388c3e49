import { describe, expect, it } from 'vitest';
import { endedRun } from './ended';

const container = (name: string, state: string, restarts: number) => ({ name, state, restarts, ready: false, reason: null });

describe('where the log of the run before stands', () => {
  it.each([
    ['running', 0, null],
    ['running', 2, 'previous'],
    ['waiting', 3, 'previous'],
    ['terminated', 1, 'previous'],
    ['terminated', 0, 'current'],
    ['waiting', 0, null],
  ] as const)('%s after %i restarts', (state, restarts, wanted) =>
    expect(endedRun({ containers: [container('app', state, restarts)] }, null)).toBe(wanted),
  );

  it('looks at the container that was chosen', () => {
    const pod = { containers: [container('app', 'running', 0), container('side', 'waiting', 1)] };
    expect([endedRun(pod, 'app'), endedRun(pod, 'side'), endedRun(pod, 'gone')]).toEqual([null, 'previous', null]);
  });
});
