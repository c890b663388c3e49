import type { Api } from '../api/api.js';
import type { Clock } from '../machinery/clock.js';
import type { Store } from '../storage/store.js';

const keptMs = 3600_000;
const lookEveryMs = 60_000;

/** The API server's --event-ttl: an event goes an hour after it was last written. Answers what ends it. */
export function startEventExpiry(api: Api, store: Store, clock: Clock): () => void {
  const written = new Map<string, number>();
  const key = ({ metadata }: { metadata: { name: string; namespace?: string } }): string => `${metadata.namespace ?? ''}/${metadata.name}`;
  // Those of an earlier life are not read for it.
  for (const { namespace, name } of store.entries('events')) written.set(`${namespace}/${name}`, clock.now());
  const undoListener = api.onChange('events', ({ type, object }) => {
    if (type === 'DELETED') written.delete(key(object));
    else written.set(key(object), clock.now());
  });
  let undoTimer = () => {};
  const look = (): void => {
    for (const [at, time] of written) {
      const [namespace = '', name = ''] = at.split('/');
      if (clock.now() - time >= keptMs) store.remove('events', namespace, name);
    }
    undoTimer = clock.after(lookEveryMs, look);
  };
  undoTimer = clock.after(lookEveryMs, look);
  return () => {
    undoListener();
    undoTimer();
  };
}
