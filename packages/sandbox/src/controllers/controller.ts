import type { Api, Change } from '../api/api.js';
import type { Clock } from '../machinery/clock.js';
import type { GroupResource } from '../machinery/object.js';
import { WorkQueue } from './work-queue.js';

export interface ControllerContext {
  api: Api;
  clock: Clock;
  /** 0 ≤ x < 1: for names and jitter. */
  random(): number;
  /** The cluster's certificate in PEM, which every namespace gets a copy of. */
  rootCertificate?: string;
}

/** A wish to be called again. */
export interface Again {
  againAfterMs: number;
}

/** What client-go's controllers are: watches that put keys into a queue, and a `reconcile` that looks at the world as it is now. */
export interface Controller {
  name: string;
  /** Which keys a change concerns. */
  watches: Readonly<Record<GroupResource, (change: Change) => readonly string[]>>;
  /** For the few that care for every resource there is. */
  watchesAll?(resource: GroupResource, change: Change): readonly string[];
  /** Keys to look at when it starts. */
  initialKeys(): readonly string[];
  /** Brings one key closer to what is wanted. May ask to be called again. An ApiError is tried again, with backoff. */
  reconcile(key: string): Again | undefined;
}

/** Starts them; answers what stops them. */
export function runController({ api, clock }: ControllerContext, controller: Controller): () => void {
  const queue = new WorkQueue(clock, (key) => controller.reconcile(key));
  const undo = Object.entries(controller.watches).map(([resource, keys]) =>
    api.onChange(resource, (change) => {
      for (const key of keys(change)) queue.add(key);
    }),
  );
  if (controller.watchesAll) {
    undo.push(
      api.onAnyChange((resource, change) => {
        for (const key of controller.watchesAll?.(resource, change) ?? []) queue.add(key);
      }),
    );
  }
  for (const key of controller.initialKeys()) queue.add(key);
  return () => {
    for (const each of undo) each();
    queue.stop();
  };
}
