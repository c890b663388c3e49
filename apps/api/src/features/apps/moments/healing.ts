import type { NewMoment } from './moment-store.js';
import { type LossReason, lostSentence } from './words.js';

/** A pod as far as its loss matters. Times in milliseconds. */
export interface SeenPod {
  uid: string;
  name: string;
  /** The controller that keeps so many of them. */
  owner: string;
  node: string | null;
  ready: boolean;
  /** It goes, or has failed for good, and since when in the cluster's own words (whole seconds). */
  ending: { reason: LossReason; at: number | null; evidence: string | null } | null;
  containers: readonly SeenContainer[];
}

export interface SeenContainer {
  name: string;
  ready: boolean;
  restarts: number;
  /** How it ended last. */
  ended: { at: number | null; sentence: string; evidence: string | null } | null;
}

/**
 * What is seen of an app at one moment. `departed`: pods that are gone, as they were last seen. `wanted`: owner → how many pods it wants now;
 * an owner that goes itself wants none.
 */
export interface Scene {
  at: number;
  pods: readonly SeenPod[];
  departed: readonly SeenPod[];
  wanted: ReadonlyMap<string, number>;
}

interface Loss {
  pod: SeenPod;
  reason: LossReason;
  evidence: string | null;
  lostAt: number;
  noticedAt: number;
  /** Pods of the owner that lived before, this one with them. */
  before: number;
  confirmed: boolean;
  replacement: { uid: string; name: string; seenAt: number; readyAt: number | null; told: boolean } | null;
}

interface Crash {
  pod: string;
  container: string;
  count: number;
  at: number;
}

/** What is remembered of one app between two scenes. */
export interface Healing {
  pods: ReadonlyMap<string, SeenPod>;
  losses: readonly Loss[];
  crashes: ReadonlyMap<string, Crash>;
}

/** An owner that wants fewer says so in another watch, which may be a moment later. */
export const confirmMs = 1_000;
/** The cluster tells times in whole seconds: what is that young happened when it was heard. */
const wholeSecondsMs = 2_000;
const forgetMs = 60 * 60_000;

/** The first scene is only remembered: what was lost before is not known. Pure. */
export const firstScene = ({ pods }: Scene): Healing => ({ pods: byUid(pods), losses: [], crashes: new Map() });

/** True while time alone will tell something. */
export const isWaiting = ({ losses }: Healing): boolean => losses.some(({ confirmed }) => !confirmed);

/**
 * One scene further. A pod is lost when it goes while its owner still wants as many as there were: a rollout's and a scaling's pods are not.
 * Its replacement is the next pod of that owner which nobody saw before.
 */
export function heal(healing: Healing, scene: Scene): { healing: Healing; moments: NewMoment[] } {
  const moments: NewMoment[] = [];
  const now = byUid(scene.pods);
  const losses = [...healing.losses.filter(({ noticedAt }) => scene.at - noticedAt < forgetMs), ...lostSince(healing, now, scene)];
  const newcomers = scene.pods.filter(({ uid, ending }) => !healing.pods.has(uid) && !ending);
  const kept = losses.flatMap((loss) => follow(loss, { scene, now, newcomers, moments }));
  const crashes = followCrashes(healing, now, scene.at, moments);
  return { healing: { pods: now, losses: kept, crashes }, moments };
}

function lostSince({ pods }: Healing, now: ReadonlyMap<string, SeenPod>, { at, departed }: Scene): Loss[] {
  const gone = byUid(departed);
  return [...pods.values()].flatMap((pod) => {
    if (pod.ending) return [];
    const after = now.get(pod.uid);
    if (after && !after.ending) return [];
    const { reason, at: told, evidence } = (after ?? gone.get(pod.uid))?.ending ?? { reason: 'gone', at: null, evidence: null };
    const before = [...pods.values()].filter((each) => each.owner === pod.owner && !each.ending).length;
    const lostAt = told !== null && at - told > wholeSecondsMs ? told : at;
    return [{ pod, reason, evidence, lostAt, noticedAt: at, before, confirmed: false, replacement: null }];
  });
}

interface Following {
  scene: Scene;
  now: ReadonlyMap<string, SeenPod>;
  /** Those that no loss has claimed; the oldest loss is served first. */
  newcomers: SeenPod[];
  moments: NewMoment[];
}

/** The loss as it is now; nothing when it is over, or was none. */
function follow(loss: Loss, { scene, now, newcomers, moments }: Following): Loss[] {
  const next = { ...loss };
  if (!next.replacement) {
    const found = newcomers.findIndex(({ owner }) => owner === loss.pod.owner);
    const [pod] = found >= 0 ? newcomers.splice(found, 1) : [];
    if (pod) next.replacement = { uid: pod.uid, name: pod.name, seenAt: scene.at, readyAt: null, told: false };
  }
  if (next.replacement?.readyAt === null && now.get(next.replacement.uid)?.ready)
    next.replacement = { ...next.replacement, readyAt: scene.at };
  if (!next.confirmed) {
    if (scene.at - loss.noticedAt < confirmMs) return [next];
    if ((scene.wanted.get(loss.pod.owner) ?? 0) < loss.before) return [];
    next.confirmed = true;
    moments.push(lostMoment(loss));
  }
  const { replacement } = next;
  if (!replacement) return [next];
  if (!replacement.told) {
    moments.push(repairMoment('pod-replaced', loss, replacement.seenAt, `Pod ${replacement.name} was made in its place.`));
    next.replacement = { ...replacement, told: true };
  }
  const pod = now.get(replacement.uid);
  if (!pod || pod.ending) return []; // a loss of its own
  if (replacement.readyAt === null) return [next];
  moments.push(repairMoment('pod-healed', loss, replacement.readyAt, `Pod ${pod.name} is ready in place of ${loss.pod.name}.`));
  return [];
}

const lostMoment = ({ pod, reason, evidence, lostAt }: Loss): NewMoment => ({
  at: new Date(lostAt),
  kind: 'pod-lost',
  subject: pod.uid,
  sentence: lostSentence(pod.name, reason, pod.node),
  evidence,
});

const repairMoment = (kind: 'pod-replaced' | 'pod-healed', { pod, lostAt }: Loss, at: number, sentence: string): NewMoment => ({
  at: new Date(at),
  kind,
  subject: pod.uid,
  sentence,
  seconds: (at - lostAt) / 1000,
});

function followCrashes(
  { pods, crashes }: Healing,
  now: ReadonlyMap<string, SeenPod>,
  at: number,
  moments: NewMoment[],
): ReadonlyMap<string, Crash> {
  const kept = new Map<string, Crash>();
  for (const pod of now.values()) {
    for (const container of pod.containers) {
      const key = `${pod.uid}/${container.name}`;
      const before = pods.get(pod.uid)?.containers.find(({ name }) => name === container.name);
      let crash = crashes.get(key);
      if (before && container.ended && container.restarts > before.restarts && !pod.ending) {
        const { at: told, sentence, evidence } = container.ended;
        const lostAt = told !== null && at - told > wholeSecondsMs ? told : at;
        crash = { pod: pod.name, container: container.name, count: container.restarts, at: lostAt };
        if (isWorthNoting(container.restarts))
          moments.push({
            at: new Date(lostAt),
            kind: 'container-crashed',
            subject: `${key}/${container.restarts}`,
            sentence: `${sentence} Pod ${pod.name} starts it again.`,
            evidence,
          });
      }
      if (!crash) continue;
      if (!container.ready) kept.set(key, crash);
      else if (isWorthNoting(crash.count))
        moments.push({
          at: new Date(at),
          kind: 'container-back',
          subject: `${key}/${crash.count}`,
          sentence: `Container ${crash.container} of pod ${crash.pod} is ready again.`,
          seconds: (at - crash.at) / 1000,
        });
    }
  }
  return kept;
}

/** A container that crashes for days would fill the timeline: the first three, then every tenth. */
const isWorthNoting = (restarts: number): boolean => restarts <= 3 || restarts % 10 === 0;

const byUid = (pods: readonly SeenPod[]): ReadonlyMap<string, SeenPod> => new Map(pods.map((pod) => [pod.uid, pod]));
