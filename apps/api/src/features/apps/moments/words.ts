/** Why a pod went. */
export type LossReason = 'deleted' | 'evicted' | 'preempted' | 'node-gone' | 'node-pressure' | 'failed' | 'gone';

const because: Record<LossReason, string> = {
  deleted: 'it was deleted',
  evicted: 'it was evicted (a drain, or a request of its kind)',
  preempted: 'it had to make room for a pod of higher priority',
  'node-gone': 'its node is gone or does not answer',
  'node-pressure': 'its node evicted it, being short of memory or disk',
  failed: 'it failed for good',
  gone: 'it is gone at once, as after a forced deletion',
};

export const lostSentence = (pod: string, reason: LossReason, node: string | null): string =>
  `Pod ${pod} was lost${node ? ` on ${node}` : ''}: ${because[reason]}.`;
