import type { Container, Probe } from '../pod.js';
import { newProbe, type ProbeKind, type ProbeResult, periodMs, probeNames, takeResult, timeoutMs } from './probe-state.js';
import type { ContainerRecord } from './record.js';
import type { PodRuntime } from './runtime.js';
import type { Timers } from './timers.js';

interface Judged {
  runtime: PodRuntime;
  timers: Timers;
  /** Readiness or startup changed. */
  changed(): void;
  /** A startup or liveness probe failed for good. */
  fail(container: Container, kind: 'startup' | 'liveness', probe: Probe): void;
}

const probeOf = (container: Container, kind: ProbeKind): Probe | undefined =>
  kind === 'startup' ? container.startupProbe : kind === 'readiness' ? container.readinessProbe : container.livenessProbe;

/** prober.worker of every probe of a pod. Nothing is tried while the answer is known to stay a good one. */
export class Prober {
  constructor(private readonly judged: Judged) {}

  /** A container runs: its probes begin. Those with a startup probe wait for that. */
  begin(container: Container, record: ContainerRecord): void {
    const kinds: readonly ProbeKind[] = record.started ? ['readiness', 'liveness'] : ['startup'];
    if (record.started && !container.readinessProbe) record.ready = true;
    for (const kind of kinds) {
      const probe = probeOf(container, kind);
      if (!probe) continue;
      record.probes[kind] = newProbe(kind);
      const { runtime } = this.judged;
      const startedAt = Date.parse(record.state.running?.startedAt ?? '');
      const initial = Math.max((probe.initialDelaySeconds ?? 0) * 1000 - (runtime.clock.now() - startedAt), 0);
      // The worker ticks from the beginning; the first tick after the delay counts.
      const ticks = Math.ceil(initial / periodMs(probe));
      this.plan(container, record, kind, probe, ticks * periodMs(probe) + 100);
    }
  }

  end(container: Container): void {
    for (const kind of ['startup', 'readiness', 'liveness']) this.judged.timers.clear(`probe ${kind} ${container.name}`);
  }

  private plan(container: Container, record: ContainerRecord, kind: ProbeKind, probe: Probe, ms: number): void {
    this.judged.timers.set(`probe ${kind} ${container.name}`, ms, () => this.tick(container, record, kind, probe));
  }

  private tick(container: Container, record: ContainerRecord, kind: ProbeKind, probe: Probe): void {
    if (!record.state.running || record.killed) return;
    const { runtime } = this.judged;
    const began = runtime.clock.now();
    const ordered = runtime.ordered(container, kind);
    const take = (result: ProbeResult): void => {
      if (!record.state.running || record.killed) return;
      this.take(container, record, kind, probe, result);
      if (!record.killed && record.state.running && !(kind === 'startup' && record.started)) {
        this.plan(container, record, kind, probe, this.pause(container, record, kind, probe, began));
      }
    };
    if (ordered) take(ordered);
    else runtime.act(container, probe, timeoutMs(probe), take);
  }

  private pause(container: Container, record: ContainerRecord, kind: ProbeKind, probe: Probe, began: number): number {
    const now = this.judged.runtime.clock.now();
    const next = began + Math.ceil(Math.max(now - began, 1) / periodMs(probe)) * periodMs(probe);
    const state = record.probes[kind];
    const settled = state?.ok && state.last && state.run >= (probe.successThreshold ?? 1);
    const until = settled ? this.judged.runtime.goodUntil(container, kind, probe) : undefined;
    if (until === undefined) return next - now;
    if (until === Number.POSITIVE_INFINITY) return until;
    return Math.max(next, began + Math.ceil((until - began) / periodMs(probe)) * periodMs(probe)) - now;
  }

  private take(container: Container, record: ContainerRecord, kind: ProbeKind, probe: Probe, { ok, message }: ProbeResult): void {
    const before = record.probes[kind];
    if (!before) return;
    if (!ok) this.judged.runtime.event('Warning', 'Unhealthy', `${probeNames[kind]} probe failed: ${message}`, container.name);
    const { state, changed, failed } = takeResult(before, probe, ok);
    record.probes[kind] = state;
    if (kind !== 'readiness' && failed) {
      record.killed = true;
      this.judged.fail(container, kind, probe);
    } else if (kind === 'startup' && state.ok) {
      record.started = true;
      this.begin(container, record);
      this.judged.changed();
    } else if (kind === 'readiness' && changed) {
      record.ready = state.ok;
      this.judged.changed();
    }
  }
}
