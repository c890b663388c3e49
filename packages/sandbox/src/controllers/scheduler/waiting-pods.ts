import type { Pod } from '../model/pod.js';
import { createdAt } from '../parts/owner.js';
import { priorityOf } from './snapshot.js';

interface Wait {
  attempts: number;
  triedAt: number;
  /** Nothing has changed since it was tried. */
  parked: boolean;
}

const firstBackoffMs = 1000;
const lastBackoffMs = 10_000;
const longestParkMs = 5 * 60_000;

/** The scheduling queue: who is tried next, and who waits for a change in the cluster or for the end of a backoff. */
export class WaitingPods {
  private readonly waits = new Map<string, Wait>();

  /** Those whose turn it is, the most important first, then the oldest. `nextInMs`: when another's turn comes. */
  due(pods: readonly Pod[], now: number): { due: Pod[]; nextInMs: number | undefined } {
    const uids = new Set(pods.map(uidOf));
    for (const uid of this.waits.keys()) if (!uids.has(uid)) this.waits.delete(uid);
    const waits = pods.map((pod) => ({ pod, ms: this.msLeft(pod, now) }));
    const later = waits.filter(({ ms }) => ms > 0).map(({ ms }) => ms);
    const due = waits.filter(({ ms }) => ms <= 0).map(({ pod }) => pod);
    due.sort((a, b) => priorityOf(b) - priorityOf(a) || createdAt(a) - createdAt(b));
    return { due, nextInMs: later.length === 0 ? undefined : Math.min(...later) };
  }

  failed(pod: Pod, now: number): void {
    const attempts = (this.waits.get(uidOf(pod))?.attempts ?? 0) + 1;
    this.waits.set(uidOf(pod), { attempts, triedAt: now, parked: true });
  }

  /** Something has changed that may help: everybody gets another turn after the backoff. */
  wake(): void {
    for (const wait of this.waits.values()) wait.parked = false;
  }

  /** Itself was changed. */
  wakeOne(uid: string): void {
    const wait = this.waits.get(uid);
    if (wait) wait.parked = false;
  }

  private msLeft(pod: Pod, now: number): number {
    const wait = this.waits.get(uidOf(pod));
    if (!wait) return 0;
    const ms = wait.parked ? longestParkMs : Math.min(firstBackoffMs * 2 ** (wait.attempts - 1), lastBackoffMs);
    return wait.triedAt + ms - now;
  }
}

const uidOf = (pod: Pod): string => pod.metadata.uid ?? '';
