import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type AppObjects, type AppWish, appStatus } from './app-status.js';
import { podRow } from './pod-row.js';
import type { EndpointSlice, Event, Pod, Service, Workload } from './shapes.js';

/** Objects as a real cluster had them two and a half minutes after fifteen apps were deployed, most of them badly. */
interface Recorded {
  recordedAt: string;
  deployments: Workload[];
  replicasets: Workload[];
  pods: Pod[];
  events: Event[];
  services: Service[];
  endpointslices: EndpointSlice[];
}
const recorded: Recorded = JSON.parse(readFileSync(new URL('recorded/node.json', import.meta.url), 'utf8'));
const now = new Date(recorded.recordedAt);

function objectsOf(name: string): AppObjects {
  const deployment = recorded.deployments.filter((each) => each.metadata.name === name);
  const ownedBy = (uids: (string | undefined)[]) => (each: { metadata: { ownerReferences?: { uid: string }[] } }) =>
    each.metadata.ownerReferences?.some((owner) => uids.includes(owner.uid)) ?? false;
  const replicaSets = recorded.replicasets
    .filter(ownedBy(deployment.map((each) => each.metadata.uid)))
    .map((each) => ({ ...each, kind: 'ReplicaSet' }));
  return {
    workloads: deployment.map((each) => ({ ...each, kind: 'Deployment' })),
    replicaSets,
    pods: recorded.pods.filter(ownedBy(replicaSets.map((each) => each.metadata.uid))),
    services: recorded.services.filter((each) => each.metadata.name === name),
    endpointSlices: recorded.endpointslices,
    ingresses: [],
    networkPolicies: [],
    eventsOf: (uid) => recorded.events.filter((event) => event.involvedObject?.uid === uid),
  };
}

function wishOf(name: string, more: Partial<AppWish> = {}): AppWish {
  const created = new Date(recorded.deployments.find((each) => each.metadata.name === name)?.metadata.creationTimestamp ?? 0);
  const current = { number: 1, createdAt: created, appliedAt: created };
  return {
    namespace: 'shop',
    current,
    newest: { ...current, state: 'applied', error: null },
    workloads: [{ kind: 'Deployment', name }],
    ...more,
  };
}

describe('the state of an app, and its one cause', () => {
  it.each([
    ['serving', 'serving', null, null],
    ['bad-image', 'failing', 'registry-refused', /registry of .*no-such-image:1 cannot be reached/],
    ['crash', 'failing', 'crash', /^Container app crashes with exit code 3, ×\d+\.$/],
    ['oom', 'failing', 'out-of-memory', /runs out of its memory limit/],
    ['bad-command', 'failing', 'bad-command', /no command \/nope/],
    ['missing-config', 'failing', 'config-missing', /ConfigMap absent/],
    ['missing-secret-volume', 'failing', 'config-missing', /Secret absent .* mounted/],
    ['unschedulable', 'failing', 'unschedulable', /No node has enough free cpu/],
    ['volume-pending', 'failing', 'volume-pending', /waits for its volume/],
    ['not-ready', 'rolling-out', 'wrong-port', /Nothing listens on port/],
    ['liveness', 'failing', 'liveness', /liveness probe/],
    ['quota', 'failing', 'quota', /The quota q leaves no room/],
    ['asleep', 'asleep', null, null],
    ['paused', 'paused', null, null],
  ])('%s is %s', (name, state, code, sentence) => {
    const status = appStatus(wishOf(name), objectsOf(name), now);
    expect(status.state).toBe(state);
    expect(status.cause?.code ?? null).toBe(code);
    if (sentence) expect(status.cause?.sentence).toMatch(sentence);
  });

  it('gives evidence where the cluster has some', () => {
    expect(appStatus(wishOf('not-ready'), objectsOf('not-ready'), now).cause?.evidence).toContain('connection refused');
    expect(appStatus(wishOf('bad-image'), objectsOf('bad-image'), now).cause?.evidence).toContain('registry-1.docker.io');
  });

  it('a rollout past its deadline has failed, with the cause in its message', () => {
    expect(appStatus(wishOf('deadline'), objectsOf('deadline'), now).rollout).toMatchObject({
      state: 'failed',
      message: expect.stringContaining('no-such-image:2'),
    });
  });

  it('counts, addresses and images come from the objects', () => {
    expect(appStatus(wishOf('serving'), objectsOf('serving'), now)).toMatchObject({
      replicas: { wanted: 2, total: 2, updated: 2, ready: 2 },
      internalAddress: 'serving.shop.svc:80',
      images: ['nginx:1.27'],
      asked: false,
      rollout: { state: 'done', message: '2 of 2 ready' },
    });
  });

  it('is asked until the cluster has the newest revision', () => {
    const newer = { number: 2, createdAt: now, appliedAt: now };
    expect(appStatus(wishOf('serving', { current: newer }), objectsOf('serving'), now).asked).toBe(true);
    expect(
      appStatus(wishOf('serving', { newest: { number: 2, state: 'applying', createdAt: now, error: null } }), objectsOf('serving'), now),
    ).toMatchObject({ asked: true, state: 'rolling-out' });
  });

  it('a failed act is told beside a state that still serves', () => {
    const status = appStatus(
      wishOf('serving', { newest: { number: 2, state: 'failed', createdAt: now, error: 'quota' } }),
      objectsOf('serving'),
      now,
    );
    expect(status).toMatchObject({ state: 'serving', rollout: { revision: 2, state: 'failed', message: 'quota' } });
  });

  it('says so when a workload is gone', () => {
    const status = appStatus(wishOf('serving'), { ...objectsOf('serving'), workloads: [], pods: [] }, now);
    expect(status).toMatchObject({ state: 'failing', cause: { sentence: 'The Deployment serving is not in the cluster.' } });
  });

  it('a Service that selects nothing is a cause though every pod is ready', () => {
    const objects = objectsOf('serving');
    const service = recorded.services.filter((each) => each.metadata.name === 'paused');
    expect(appStatus(wishOf('serving'), { ...objects, services: service }, now)).toMatchObject({
      state: 'degraded',
      cause: { code: 'no-endpoints' },
    });
  });
});

describe('a pod as a row', () => {
  it.each([
    ['serving', 'ready', null],
    ['bad-image', 'registry-refused', /no-such-image/],
    ['crash', 'crashing', /^exit 3, ×\d+$/],
    ['oom', 'out-of-memory', /^exit 137, ×\d+$/],
    ['missing-config', 'config-missing', /absent/],
    ['unschedulable', 'no-node-fits', /Insufficient cpu/],
    ['volume-pending', 'waiting-for-volume', /PersistentVolumeClaims/],
    ['not-ready', 'not-ready', /Readiness probe failed/],
  ])('%s is %s', (name, state, reason) => {
    const [pod] = objectsOf(name).pods;
    if (!pod) throw new Error('no pod');
    const row = podRow(pod, 'cluster', objectsOf(name).eventsOf(pod.metadata.uid ?? ''), now);
    expect(row).toMatchObject({ state, ready: state === 'ready', key: pod.metadata.uid });
    if (reason) expect(row.reason).toMatch(reason);
    else expect(row.reason).toBeNull();
  });

  it('stops, and says when it is stuck stopping', () => {
    const [pod] = objectsOf('serving').pods;
    if (!pod) throw new Error('no pod');
    const going = (secondsAgo: number) => ({
      ...pod,
      metadata: { ...pod.metadata, deletionTimestamp: new Date(now.getTime() - secondsAgo * 1000).toISOString() },
    });
    expect(podRow(going(1), 'c', [], now).state).toBe('stopping');
    expect(podRow(going(60), 'c', [], now).state).toBe('stuck-stopping');
  });

  it('tells a refusing registry from a missing image', () => {
    const state = (message: string) =>
      podRow(
        {
          metadata: { name: 'x' },
          status: { containerStatuses: [{ name: 'a', image: 'i', state: { waiting: { reason: 'ErrImagePull', message } } }] },
        },
        'c',
        [],
        now,
      ).state;
    expect(state('failed to resolve reference "r.example/a:1": r.example/a:1: not found')).toBe('image-not-found');
    expect(state('pull access denied, repository does not exist or may require authorization')).toBe('registry-refused');
    expect(state('unexpected status from HEAD request: 401 Unauthorized')).toBe('registry-refused');
  });
});
