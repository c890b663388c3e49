import { describe, expect, it } from 'vitest';
import { firstScene, type Healing, heal, isWaiting, type Scene, type SeenPod } from './healing.js';

const t0 = Date.UTC(2026, 0, 1);
const pod = (name: string, more: Partial<SeenPod> = {}): SeenPod => ({
  uid: `uid-${name}`,
  name,
  owner: 'rs',
  node: 'node-1',
  ready: true,
  ending: null,
  containers: [],
  ...more,
});
const going = (name: string, reason: NonNullable<SeenPod['ending']>['reason'] = 'deleted', at: number | null = null): SeenPod =>
  pod(name, { ready: false, ending: { reason, at, evidence: null } });
const young = (name: string) => pod(name, { ready: false });
/** `[ms, pods, wanted]` */
type Step = [ms: number, pods: SeenPod[], wanted?: number];

function play(...steps: Step[]): string[] {
  const scenes = steps.map(
    ([ms, pods, wanted = 2]): Scene => ({ at: t0 + ms, pods, departed: [], wanted: wanted < 0 ? new Map() : new Map([['rs', wanted]]) }),
  );
  let healing: Healing | null = null;
  const told: string[] = [];
  for (const scene of scenes) {
    if (!healing) {
      healing = firstScene(scene);
      continue;
    }
    const next = heal(healing, scene);
    healing = next.healing;
    for (const { kind, subject, at, seconds } of next.moments)
      told.push([kind, subject, at.getTime() - t0, ...(seconds === undefined || seconds === null ? [] : [`${seconds} s`])].join(' '));
  }
  return told;
}

const [a, b] = [pod('a'), pod('b')];

describe('losses and repairs', () => {
  it.each<[string, Step[], string[]]>([
    [
      'nothing happens',
      [
        [0, [a, b]],
        [5_000, [a, b]],
      ],
      [],
    ],
    [
      'a deleted pod is noticed, replaced, and healed when the new one is ready',
      [
        [0, [a, b]],
        [100, [going('a'), b, young('c')]],
        [1_200, [going('a'), b, young('c')]],
        [2_600, [b, pod('c')]],
      ],
      ['pod-lost uid-a 100', 'pod-replaced uid-a 100 0 s', 'pod-healed uid-a 2600 2.5 s'],
    ],
    [
      'a replacement that is ready before the loss is sure is told all the same',
      [
        [0, [a, b]],
        [100, [b]],
        [300, [b, young('c')]],
        [600, [b, pod('c')]],
        [1_200, [b, pod('c')]],
      ],
      ['pod-lost uid-a 100', 'pod-replaced uid-a 300 0.2 s', 'pod-healed uid-a 600 0.5 s'],
    ],
    [
      'the cluster says that it was lost long before it was heard',
      [
        [0, [a, b]],
        [60_000, [going('a', 'node-gone', t0 + 20_000), b, young('c')]],
        [61_100, [b, pod('c')]],
      ],
      ['pod-lost uid-a 20000', 'pod-replaced uid-a 60000 40 s', 'pod-healed uid-a 61100 41.1 s'],
    ],
    [
      'an evicted pod that stays as failed',
      [
        [0, [a, b]],
        [100, [going('a', 'evicted'), b]],
        [1_200, [going('a', 'evicted'), b]],
      ],
      ['pod-lost uid-a 100'],
    ],
    [
      'scaling down loses nothing',
      [
        [0, [a, b]],
        [100, [going('a'), b], 1],
        [1_200, [b], 1],
      ],
      [],
    ],
    [
      'scaling down that is heard after the pod went loses nothing',
      [
        [0, [a, b]],
        [100, [b], 2],
        [150, [b], 1],
        [1_200, [b], 1],
      ],
      [],
    ],
    [
      'a rollout’s old pods are not lost',
      [
        [0, [a, b]],
        [100, [going('a'), b, pod('n', { owner: 'new' })], 1],
        [1_200, [b], 1],
        [1_300, [], 0],
        [2_500, [], 0],
      ],
      [],
    ],
    [
      'a deleted app’s pods are not lost',
      [
        [0, [a, b]],
        [100, [going('a'), going('b')], -1],
        [1_200, [], -1],
      ],
      [],
    ],
    [
      'two at once have each their own replacement',
      [
        [0, [a, b]],
        [100, [young('c'), young('d')]],
        [1_200, [young('c'), young('d')]],
        [2_000, [pod('c'), young('d')]],
        [3_000, [pod('c'), pod('d')]],
      ],
      [
        'pod-lost uid-a 100',
        'pod-replaced uid-a 100 0 s',
        'pod-lost uid-b 100',
        'pod-replaced uid-b 100 0 s',
        'pod-healed uid-a 2000 1.9 s',
        'pod-healed uid-b 3000 2.9 s',
      ],
    ],
    [
      'a replacement that is lost itself is another loss',
      [
        [0, [a, b]],
        [100, [b, young('c')]],
        [1_200, [b, young('c')]],
        [1_500, [b, young('d')]],
        [2_600, [b, pod('d')]],
      ],
      [
        'pod-lost uid-a 100',
        'pod-replaced uid-a 100 0 s',
        'pod-lost uid-c 1500',
        'pod-replaced uid-c 1500 0 s',
        'pod-healed uid-c 2600 1.1 s',
      ],
    ],
    [
      'one that nothing replaces stays lost',
      [
        [0, [a, b]],
        [100, [b]],
        [1_200, [b]],
        [900_000, [b]],
      ],
      ['pod-lost uid-a 100'],
    ],
    [
      'what was going before the first scene is no loss',
      [
        [0, [going('a'), b]],
        [100, [b]],
        [1_200, [b]],
      ],
      [],
    ],
  ])('%s', (_, steps, told) => expect(play(...steps)).toEqual(told));

  it('wait for a second only while a loss is not sure', () => {
    const scene = (at: number, pods: SeenPod[]): Scene => ({ at, pods, departed: [], wanted: new Map([['rs', 2]]) });
    const lost = heal(firstScene(scene(t0, [a, b])), scene(t0 + 100, [b])).healing;
    expect(isWaiting(lost)).toBe(true);
    expect(isWaiting(heal(lost, scene(t0 + 1_100, [b])).healing)).toBe(false);
  });
});

it('a pod that was marked and removed between two looks is told by how it was last seen', () => {
  const scene = (at: number, pods: SeenPod[], departed: SeenPod[]): Scene => ({ at, pods, departed, wanted: new Map([['rs', 2]]) });
  const sentence = (departed: SeenPod[]) => {
    const { healing } = heal(firstScene(scene(t0, [a, b], [])), scene(t0 + 100, [b], departed));
    return heal(healing, scene(t0 + 1_100, [b], departed)).moments[0]?.sentence;
  };
  expect(sentence([going('a', 'evicted')])).toBe('Pod a was lost on node-1: it was evicted (a drain, or a request of its kind).');
  expect(sentence([])).toBe('Pod a was lost on node-1: it is gone at once, as after a forced deletion.');
});

describe('crashes in place', () => {
  const crashed = (restarts: number, ready: boolean, at: number | null = null) =>
    pod('a', {
      ready,
      containers: [
        {
          name: 'web',
          ready,
          restarts,
          ended: restarts === 0 ? null : { at, sentence: 'Container web crashes with exit code 1.', evidence: null },
        },
      ],
    });
  it.each<[string, Step[], string[]]>([
    [
      'are told, and when the container is back',
      [
        [0, [crashed(0, true)]],
        [500, [crashed(1, false)]],
        [3_500, [crashed(1, true)]],
        [4_000, [crashed(1, true)]],
      ],
      ['container-crashed uid-a/web/1 500', 'container-back uid-a/web/1 3500 3 s'],
    ],
    [
      'count from when the container ended',
      [
        [0, [crashed(0, true)]],
        [30_000, [crashed(1, true, t0 + 10_000)]],
      ],
      ['container-crashed uid-a/web/1 10000', 'container-back uid-a/web/1 30000 20 s'],
    ],
    [
      'from before the first scene are not told',
      [
        [0, [crashed(3, false)]],
        [500, [crashed(3, true)]],
      ],
      [],
    ],
    [
      'again and again: three, then every tenth',
      [[0, [crashed(2, false)]], ...[3, 4, 5, 9, 10, 11].map((n): Step => [n * 1_000, [crashed(n, false)]])],
      ['container-crashed uid-a/web/3 3000', 'container-crashed uid-a/web/10 10000'],
    ],
  ])('%s', (_, steps, told) => expect(play(...steps)).toEqual(told));
});
