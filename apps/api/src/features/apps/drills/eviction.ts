import type { DrillReport } from '@fairlead/shared';
import type { Clock } from '../../../platform/clock.js';

/** As kubectl drain does, only sooner: a pod that the budget holds back is asked for again. */
const askAgainMs = 2_000;
const patienceMs = 60_000;

export type Eviction = NonNullable<DrillReport['eviction']>;

/**
 * Evicts the named pods one after the other and asks again for those that the disruption budget holds back, for a minute at most. `evict` answers
 * the budget's words, or null when the pod goes. A refusal is the budget at work and no error; whatever else `evict` throws is.
 */
export async function evictAll(
  { node, pods }: { node: string; pods: readonly string[] },
  evict: (pod: string) => Promise<string | null>,
  clock: Clock,
): Promise<{ eviction: Eviction; evicted: string[] }> {
  const until = clock.monotonicMs() + patienceMs;
  const evicted: string[] = [];
  let left = [...pods];
  let refused = 0;
  let refusal: string | null = null;
  for (;;) {
    const held: string[] = [];
    for (const pod of left) {
      const words = await evict(pod);
      if (words === null) {
        evicted.push(pod);
        continue;
      }
      held.push(pod);
      refused++;
      refusal = words;
    }
    left = held;
    if (left.length === 0 || clock.monotonicMs() > until) break;
    await clock.sleep(askAgainMs);
  }
  return { evicted, eviction: { node, evicted: evicted.length, refused, refusal, left, returned: null } };
}

const pods = (count: number): string => (count === 1 ? '1 pod' : `${count} pods`);

/** What was done, in words. The node is never cordoned: that is said each time. */
export function evictionWords({ node, evicted, refused, refusal, left }: Eviction): string {
  const waited =
    left.length === 0 && refused > 0
      ? ` Its disruption budget held evictions back ${refused === 1 ? 'once' : `${refused} times`}, until others were ready: that is the budget working.`
      : '';
  const held =
    left.length > 0
      ? ` Its disruption budget did not let ${left.length === 1 ? left[0] : `${left.length} others`} go within a minute: that is the budget working. ${refusal ?? ''}`
      : '';
  return `${evicted === 0 ? 'No pod was' : evicted === 1 ? '1 pod was' : `${pods(evicted)} were`} evicted from ${node}, which was not cordoned.${waited}${held}`.trim();
}

/** Where the replacements went. */
export const returnWords = ({ node, returned }: Eviction): string | null =>
  returned === null || returned === 0 ? null : `${pods(returned)} came back to ${node}, for it was not cordoned.`;
