export type SeatKind = 'request' | 'stream' | 'session';

/** At once, for each person: the API server's own fairness counts neither watches nor sessions, and our impersonator is one user to it. */
const limits: Readonly<Record<SeatKind, number>> = { request: 200, stream: 600, session: 100 };

/** Seats in the gateway. One person's many requests leave the others theirs. */
export class Seats {
  private readonly taken = new Map<string, number>();

  /** The way to give it back (once counts), or null when all are taken. */
  take(principalId: string, kind: SeatKind): (() => void) | null {
    const key = `${kind} ${principalId}`;
    const count = this.taken.get(key) ?? 0;
    if (count >= limits[kind]) return null;
    this.taken.set(key, count + 1);
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      const left = (this.taken.get(key) ?? 1) - 1;
      if (left === 0) this.taken.delete(key);
      else this.taken.set(key, left);
    };
  }
}
