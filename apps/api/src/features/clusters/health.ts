import { ClusterUnreachable, KubeError } from '@fairlead/kube';

/** What is known of a cluster's reachability. `since` is when the state began: for `unreachable`, the first unanswered question. */
export interface Health {
  state: 'connecting' | 'ready' | 'unreachable' | 'refused';
  since: Date;
  reason: string | null;
  version: string | null;
  latencyMs: number | null;
  lastContactAt: Date | null;
  /** Failures in a row, and when the first was. */
  failures: number;
  failingSince: Date | null;
}

export type ProbeResult =
  | { kind: 'answered'; version: string; latencyMs: number }
  /** The API server is there and does not take our credential. */
  | { kind: 'refused'; reason: string }
  /** `certain`: one such failure is enough; a single timeout is not. */
  | { kind: 'silent'; reason: string; certain: boolean };

/** Before the first answer of this process; an outage that was known before goes on. */
export function initialHealth(
  now: Date,
  known: { version: string | null; lastContactAt: Date | null; unreachableSince: Date | null },
): Health {
  const { version, lastContactAt, unreachableSince } = known;
  return {
    state: 'connecting',
    since: now,
    reason: null,
    version,
    latencyMs: null,
    lastContactAt,
    failures: 0,
    failingSince: unreachableSince,
  };
}

/** Pure. A ready cluster survives one timeout; the second in a row, or a refused connection, makes it unreachable. */
export function nextHealth(health: Health, result: ProbeResult, now: Date): Health {
  switch (result.kind) {
    case 'answered':
      return {
        ...(health.state === 'ready' ? health : { ...health, state: 'ready', since: now, reason: null }),
        version: result.version,
        latencyMs: result.latencyMs,
        lastContactAt: now,
        failures: 0,
        failingSince: null,
      };
    case 'refused':
      return {
        ...health,
        state: 'refused',
        since: health.state === 'refused' ? health.since : now,
        reason: result.reason,
        lastContactAt: now,
        failures: health.failures + 1,
        failingSince: health.failingSince ?? now,
      };
    case 'silent': {
      const failing = { ...health, failures: health.failures + 1, failingSince: health.failingSince ?? now };
      if (!result.certain && failing.failures < 2) return failing;
      return { ...failing, state: 'unreachable', since: failing.failingSince, reason: result.reason, latencyMs: null };
    }
    default:
      return result satisfies never;
  }
}

/** What an error says about the cluster. */
export function probeFailure(error: unknown): ProbeResult {
  if (error instanceof KubeError) {
    if (error.code === 401)
      return { kind: 'refused', reason: "the cluster does not accept Fairlead's credential any more: register it again" };
    if (error.code === 403) return { kind: 'refused', reason: "Fairlead's accounts lack a right in the cluster: register it again" };
    if (error.code === 404) return { kind: 'refused', reason: "Fairlead's accounts are gone from the cluster: register it again" };
    return { kind: 'silent', reason: `it answers ${error.code} ${error.reason}`, certain: true };
  }
  if (error instanceof ClusterUnreachable) {
    if (error.why === 'credential not available' && error.cause) return probeFailure(error.cause);
    return { kind: 'silent', reason: error.why, certain: error.why !== 'timeout' && error.why !== 'connection reset' };
  }
  return { kind: 'silent', reason: 'connection failed', certain: true };
}
