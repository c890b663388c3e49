import type { PodRow, PodState } from '@fairlead/shared';
import { StatusWord } from '@/components/status-word';
import { podStatus, type Tone } from '@/lib/status';

const solids: Record<Tone, string> = {
  ok: 'bg-ok-solid',
  busy: 'bg-busy-solid',
  warn: 'bg-warn-solid',
  bad: 'bg-bad-solid',
  idle: 'bg-idle-solid',
  stale: 'bg-stale-solid',
};
/** Ready first, then what comes, then what is in trouble, then what goes. */
const order: PodState[] = [
  'ready',
  'starting',
  'not-ready',
  'waiting-for-volume',
  'no-node-fits',
  'crashing',
  'image-not-found',
  'registry-refused',
  'out-of-memory',
  'config-missing',
  'failed',
  'evicted',
  'unknown',
  'stuck-stopping',
  'stopping',
  'finished',
];

/** How many pods are in which state, as a bar and as words: "3 Ready · 1 Crashing". */
export function PodStrip({ pods }: { pods: readonly PodRow[] }) {
  const counts = order
    .map((state) => ({ state, count: pods.filter((pod) => pod.state === state).length }))
    .filter(({ count }) => count > 0);
  return (
    <div className="flex flex-col gap-1.5">
      <div aria-hidden className="flex h-1.5 gap-px overflow-hidden rounded-chip">
        {counts.map(({ state, count }) => (
          <span key={state} style={{ flexGrow: count }} className={solids[podStatus(state).tone]} />
        ))}
      </div>
      <p className="flex flex-wrap gap-x-4 gap-y-1">
        {counts.map(({ state, count }) => {
          const status = podStatus(state);
          return <StatusWord key={state} size="small" status={{ ...status, word: `${count} ${status.word}` }} />;
        })}
      </p>
    </div>
  );
}
