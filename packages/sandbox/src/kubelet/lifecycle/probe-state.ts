import type { Probe } from '../pod.js';

/** prober/worker.go, as data: what the results so far come to. */
export interface ProbeState {
  ok: boolean;
  /** Results of the same kind in a row. */
  run: number;
  last: boolean | undefined;
}

export const newProbe = (kind: ProbeKind): ProbeState => ({ ok: kind === 'liveness', run: 0, last: undefined });

export type ProbeKind = 'startup' | 'readiness' | 'liveness';

export interface ProbeResult {
  ok: boolean;
  message: string;
}

/** Takes one result. Answers whether what it comes to has changed. A startup or liveness probe that fails for good says so once. */
export function takeResult(state: ProbeState, probe: Probe, ok: boolean): { state: ProbeState; changed: boolean; failed: boolean } {
  const run = state.last === ok ? state.run + 1 : 1;
  const threshold = ok ? (probe.successThreshold ?? 1) : (probe.failureThreshold ?? 3);
  if (run < threshold) return { state: { ...state, run, last: ok }, changed: false, failed: false };
  return { state: { ok, run, last: ok }, changed: state.ok !== ok, failed: !ok && run === threshold };
}

export const periodMs = (probe: Probe): number => (probe.periodSeconds ?? 10) * 1000;
export const timeoutMs = (probe: Probe): number => (probe.timeoutSeconds ?? 1) * 1000;
export const probeNames: Readonly<Record<ProbeKind, string>> = { startup: 'Startup', readiness: 'Readiness', liveness: 'Liveness' };
