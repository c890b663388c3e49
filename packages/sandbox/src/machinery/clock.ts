/** Time as an argument. Everything in the sandbox that waits, waits here: nothing else may call setTimeout or Date. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls once, `ms` from now at the earliest (0: soon, after what runs now). Answers its undo. */
  after(ms: number, call: () => void): () => void;
}

/** The machine's own clock. Its timers do not keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after: (ms, call) => {
    if (ms <= 0) {
      const soon = setImmediate(call);
      return () => clearImmediate(soon);
    }
    // setTimeout takes 31 bits at most; a longer wait is cut into pieces.
    let timer: NodeJS.Timeout;
    const until = Date.now() + ms;
    const arm = () => {
      timer = setTimeout(() => (Date.now() >= until ? call() : arm()), Math.min(Math.max(until - Date.now(), 0), 2 ** 31 - 1));
      timer.unref();
    };
    arm();
    return () => clearTimeout(timer);
  },
};

/** Seconds since 1970 as Kubernetes writes metav1.Time: `2026-11-25T15:04:05Z`. */
export const timestamp = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

/** metav1.MicroTime. */
export const microTimestamp = (ms: number): string => `${new Date(ms).toISOString().slice(0, 23)}000Z`;
