import { ClusterUnreachable, KubeError } from '@fairlead/kube';
import type { Clock } from '../../platform/clock.js';
import type { Logger } from '../../platform/logger.js';
import { type AccountCheck, gateAfter, runCanary } from './canary.js';
import type { ClusterLink } from './cluster-link.js';
import { type Health, nextHealth, type ProbeResult, probeFailure } from './health.js';

const probeEveryMs = 5_000;
const canaryEveryMs = 30_000;
const saveEveryMs = 60_000;

interface MonitorGround {
  name: string;
  link: ClusterLink;
  clock: Clock;
  logger: Logger;
  /** So long after the start silence is no outage: a cluster that Fairlead starts itself is coming up. */
  patienceMs?: number;
  /** Told after each probe. */
  onHealth: (health: Health, before: Health) => void;
  /** Stores what is worth keeping; a failure is no matter, the next comes in a minute. */
  save: (health: Health) => Promise<void>;
}

/** Watches one cluster: a probe every 5 s, the canary every 30 s and at each return. A dead cluster holds up nobody but itself. */
export class ClusterMonitor {
  private readonly stopped = new AbortController();
  private running: Promise<void> | null = null;
  private checking: Promise<void> | null = null;
  private canaryAtMs = Number.NEGATIVE_INFINITY;
  private savedAtMs = Number.NEGATIVE_INFINITY;
  private startedAtMs = 0;

  constructor(
    public health: Health,
    private readonly ground: MonitorGround,
  ) {}

  start(): void {
    this.startedAtMs = this.ground.clock.monotonicMs();
    this.running ??= this.run();
  }

  async stop(): Promise<void> {
    this.stopped.abort();
    await this.running;
  }

  /** Probe, and the canary if it is due. One at a time, however many ask. */
  check(evenCanary = false): Promise<void> {
    if (evenCanary) this.canaryAtMs = Number.NEGATIVE_INFINITY;
    this.checking ??= this.checkNow().finally(() => {
      this.checking = null;
    });
    return this.checking;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopped;
    while (!signal.aborted) {
      await this.check();
      // After a first silence ask again soon: one lost packet is no outage.
      const wait = this.health.failures === 1 || this.isPatient() ? 1_000 : probeEveryMs;
      await this.ground.clock.sleep(wait, signal).catch(() => {}); // stopped
    }
  }

  private async checkNow(): Promise<void> {
    const { link, clock, logger, name } = this.ground;
    const result = await this.probe();
    if (this.stopped.signal.aborted) return;
    if (result.kind === 'silent' && this.isPatient()) return;
    if (result.kind === 'refused') link.tokens.forget();
    const before = this.health;
    this.health = nextHealth(before, result, clock.now());
    const { state, reason } = this.health;
    if (state !== before.state) {
      if (state === 'ready') logger.info({ cluster: name, version: this.health.version }, 'a cluster answers');
      else if (state !== 'connecting') logger.warn({ cluster: name, state, reason }, 'a cluster does not answer as it should');
      this.canaryAtMs = Number.NEGATIVE_INFINITY;
    }
    if (state === 'ready' && clock.monotonicMs() - this.canaryAtMs >= canaryEveryMs) await this.canary();
    this.ground.onHealth(this.health, before);
    if (state !== before.state || clock.monotonicMs() - this.savedAtMs >= saveEveryMs) {
      this.savedAtMs = clock.monotonicMs();
      await this.ground
        .save(this.health)
        .catch((error: unknown) => logger.debug({ cluster: name, error }, 'the state of a cluster could not be stored'));
    }
  }

  private isPatient(): boolean {
    const { clock, patienceMs = 0 } = this.ground;
    return this.health.state === 'connecting' && clock.monotonicMs() - this.startedAtMs < patienceMs;
  }

  private async probe(): Promise<ProbeResult> {
    const { link, clock } = this.ground;
    const started = clock.monotonicMs();
    try {
      const { gitVersion } = await askVersion(link);
      return { kind: 'answered', version: gitVersion, latencyMs: Math.round((clock.monotonicMs() - started) * 10) / 10 };
    } catch (error) {
      return probeFailure(error);
    }
  }

  /** H5. The gate closes when the canary fails; when there was no answer at all, nothing can pass either, and the gate stays as it is. */
  private async canary(): Promise<void> {
    const { link, clock, logger, name } = this.ground;
    let checks: AccountCheck[];
    try {
      checks = await runCanary(link);
    } catch (error) {
      if (error instanceof ClusterUnreachable || error instanceof KubeError) return;
      throw error;
    }
    this.canaryAtMs = clock.monotonicMs();
    const before = link.gate;
    link.gate = gateAfter(checks);
    if (!link.gate.open && (before.open || before.reason !== link.gate.reason))
      logger.error({ cluster: name, reason: link.gate.reason }, 'the gate of a cluster is closed: impersonation is not safe');
    else if (link.gate.open && !before.open) logger.info({ cluster: name }, 'the gate of a cluster is open');
  }
}

/** @throws KubeError, ClusterUnreachable */
export async function askVersion({ probe }: Pick<ClusterLink, 'probe'>): Promise<{ gitVersion: string }> {
  const { status, body } = await probe.raw('GET', '/version');
  if (status !== 200)
    throw new KubeError({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: '',
      reason: reasons[status] ?? 'Unknown',
      code: status,
    });
  try {
    const { gitVersion } = JSON.parse(body.toString('utf8')) as { gitVersion?: unknown };
    if (typeof gitVersion === 'string') return { gitVersion: gitVersion.slice(0, 60) };
  } catch {
    // not JSON: said below
  }
  throw new ClusterUnreachable('malformed answer');
}

const reasons: Readonly<Record<number, string>> = {
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  500: 'InternalError',
  503: 'ServiceUnavailable',
};
