import { describe, expect, it } from 'vitest';
import { deployment, template, type VirtualCluster, virtualCluster } from '../../../test/controllers/virtual-cluster.js';
import type { Pod } from '../model/pod.js';
import type { Deployment, ReplicaSet } from '../model/workloads.js';
import { findCondition } from '../parts/conditions.js';
import { isReady } from '../parts/pod-state.js';
import { replicaSets } from '../replicaset/replicas.controller.js';
import { scheduler } from '../scheduler/scheduler.controller.js';
import { deployments } from './deployment.controller.js';

const image = (pod: Pod): string => pod.spec.containers[0]?.image ?? '';
const start = (): VirtualCluster =>
  virtualCluster({
    controllers: [replicaSets, deployments, scheduler],
    scene: (pod) => (image(pod).includes('missing') ? 'never' : { readyAfterMs: 2000 }),
  });
const sets = (cluster: VirtualCluster): string[] =>
  [...cluster.list('replicasets.apps')]
    .sort((a, b) => revision(a) - revision(b))
    .map((set) => `${revision(set)}: ${set.spec.replicas}/${set.status?.availableReplicas ?? 0}`);
const revision = (set: ReplicaSet): number => Number(set.metadata.annotations?.['deployment.kubernetes.io/revision']);
const progress = (cluster: VirtualCluster): string | undefined =>
  findCondition(cluster.get('deployments.apps', 'web')?.status?.conditions, 'Progressing')?.reason;
const setImage = (cluster: VirtualCluster, name: string): void =>
  cluster.change('deployments.apps', 'web', (draft) => {
    draft.spec.template = template('web', name) as Deployment['spec']['template'];
  });

describe('a Deployment', () => {
  it('becomes a replica set and pods, with the status and events of the real one', () => {
    const cluster = start();
    cluster.create('deployments.apps', deployment('web', 3));
    cluster.clock.advance(10_000);
    const set = cluster.list('replicasets.apps')[0];
    expect(set?.metadata.name).toMatch(/^web-[bcdfghjklmnpqrstvwxz2456789]{8,10}$/);
    expect(set?.metadata.labels).toEqual({ app: 'web', 'pod-template-hash': set?.metadata.name.slice(4) });
    expect(set?.metadata.annotations).toEqual({
      'deployment.kubernetes.io/desired-replicas': '3',
      'deployment.kubernetes.io/max-replicas': '4',
      'deployment.kubernetes.io/revision': '1',
    });
    expect(set?.status).toEqual({ replicas: 3, fullyLabeledReplicas: 3, readyReplicas: 3, availableReplicas: 3, observedGeneration: 1 });
    const web = cluster.get('deployments.apps', 'web');
    expect(web?.metadata.annotations).toEqual({ 'deployment.kubernetes.io/revision': '1' });
    expect(web?.status).toMatchObject({ observedGeneration: 1, replicas: 3, updatedReplicas: 3, readyReplicas: 3, availableReplicas: 3 });
    expect(web?.status?.conditions?.map(({ type, status, reason, message }) => [type, status, reason, message])).toEqual([
      ['Available', 'True', 'MinimumReplicasAvailable', 'Deployment has minimum availability.'],
      ['Progressing', 'True', 'NewReplicaSetAvailable', `ReplicaSet "${set?.metadata.name}" has successfully progressed.`],
    ]);
    expect(cluster.events('web')).toEqual([`Normal ScalingReplicaSet: Scaled up replica set ${set?.metadata.name} from 0 to 3`]);
    expect(cluster.events(set?.metadata.name ?? '').map((each) => each.replace(/-\w{5}$/, '-x'))).toEqual(
      Array(3).fill(`Normal SuccessfulCreate: Created pod: ${set?.metadata.name}-x`),
    );
    expect(new Set(cluster.list('pods').map((pod) => pod.spec.nodeName)).size).toBe(3);
    cluster.stop();
  });

  it.each([
    { replicas: 10, maxSurge: '25%', maxUnavailable: '25%', most: 13, least: 8 },
    { replicas: 3, maxSurge: 1, maxUnavailable: 0, most: 4, least: 3 },
    { replicas: 4, maxSurge: 0, maxUnavailable: 2, most: 4, least: 2 },
    { replicas: 50, maxSurge: '25%', maxUnavailable: '25%', most: 63, least: 38 },
    { replicas: 5, maxSurge: '100%', maxUnavailable: 0, most: 10, least: 5 },
  ])('rolls $replicas over with at most $most pods and at least $least ready, at every instant', ({ most, least, replicas, ...limits }) => {
    const cluster = start();
    cluster.create(
      'deployments.apps',
      deployment('web', replicas, 'nginx:1', { strategy: { type: 'RollingUpdate', rollingUpdate: limits } }),
    );
    cluster.clock.advance(20_000);
    let checks = 0;
    cluster.api.onChange('pods', () => {
      const pods = cluster.list('pods').filter((pod) => !pod.metadata.deletionTimestamp);
      expect(pods.length).toBeLessThanOrEqual(most);
      expect(pods.filter(isReady).length).toBeGreaterThanOrEqual(least);
      checks += 1;
    });
    setImage(cluster, 'nginx:2');
    cluster.clock.advance(120_000);
    expect(checks).toBeGreaterThan(replicas);
    expect(sets(cluster)).toEqual(['1: 0/0', `2: ${replicas}/${replicas}`]);
    expect(cluster.list('pods').every((pod) => image(pod) === 'nginx:2')).toBe(true);
    expect(progress(cluster)).toBe('NewReplicaSetAvailable');
    cluster.stop();
  });

  it('gets stuck with an image that is missing, says so after 600 s, and comes back by a rollback', () => {
    const cluster = start();
    cluster.create('deployments.apps', deployment('web', 4, 'nginx:1'));
    cluster.clock.advance(20_000);
    setImage(cluster, 'nginx:missing');
    cluster.clock.advance(590_000);
    expect(sets(cluster)).toEqual(['1: 3/3', '2: 2/0']);
    expect(progress(cluster)).toBe('ReplicaSetUpdated');
    cluster.clock.advance(15_000);
    const condition = findCondition(cluster.get('deployments.apps', 'web')?.status?.conditions, 'Progressing');
    expect(condition).toMatchObject({ status: 'False', reason: 'ProgressDeadlineExceeded' });
    expect(condition?.message).toMatch(/^ReplicaSet "web-\w+" has timed out progressing\.$/);

    setImage(cluster, 'nginx:1');
    cluster.clock.advance(30_000);
    expect(sets(cluster)).toEqual(['2: 0/0', '3: 4/4']);
    const back = cluster.list('replicasets.apps').find((set) => revision(set) === 3);
    expect(back?.metadata.annotations?.['deployment.kubernetes.io/revision-history']).toBe('1');
    expect(progress(cluster)).toBe('NewReplicaSetAvailable');
    expect(cluster.get('deployments.apps', 'web')?.metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('3');
    cluster.stop();
  });

  it('stands still while it is paused, scales all its sets meanwhile, and goes on after it', () => {
    const cluster = start();
    cluster.create('deployments.apps', deployment('web', 4, 'nginx:1'));
    cluster.clock.advance(20_000);
    cluster.change('deployments.apps', 'web', (draft) => {
      draft.spec.paused = true;
    });
    setImage(cluster, 'nginx:2');
    cluster.clock.advance(1_000_000);
    expect(sets(cluster)).toEqual(['1: 4/4']);
    expect(progress(cluster)).toBe('DeploymentPaused');
    cluster.change('deployments.apps', 'web', (draft) => {
      draft.spec.replicas = 6;
    });
    cluster.clock.advance(20_000);
    expect(sets(cluster)).toEqual(['1: 6/6']);
    cluster.change('deployments.apps', 'web', (draft) => {
      draft.spec.paused = false;
    });
    cluster.clock.advance(60_000);
    expect(sets(cluster)).toEqual(['1: 0/0', '2: 6/6']);
    cluster.stop();
  });

  it('scales in the middle of a rollout in proportion', () => {
    const cluster = start();
    const rollingUpdate = { maxSurge: 3, maxUnavailable: 2 };
    cluster.create('deployments.apps', deployment('web', 10, 'nginx:1', { strategy: { type: 'RollingUpdate', rollingUpdate } }));
    cluster.clock.advance(20_000);
    setImage(cluster, 'nginx:missing');
    cluster.clock.advance(20_000);
    expect(sets(cluster)).toEqual(['1: 8/8', '2: 5/0']);
    cluster.change('deployments.apps', 'web', (draft) => {
      draft.spec.replicas = 15;
    });
    cluster.clock.advance(20_000);
    expect(sets(cluster)).toEqual(['1: 11/11', '2: 7/0']);
    cluster.stop();
  });

  it('with Recreate has no new pod before the last old one is gone', () => {
    const cluster = start();
    cluster.create('deployments.apps', deployment('web', 3, 'nginx:1', { strategy: { type: 'Recreate' } }));
    cluster.clock.advance(20_000);
    const seen = new Set<string>();
    cluster.api.onChange('pods', () => {
      seen.add([...new Set(cluster.list('pods').map(image))].sort().join('+'));
    });
    setImage(cluster, 'nginx:2');
    cluster.clock.advance(60_000);
    expect(sets(cluster)).toEqual(['1: 0/0', '2: 3/3']);
    expect(seen).toEqual(new Set(['nginx:1', '', 'nginx:2']));
    cluster.stop();
  });

  it('keeps as many old sets as its history may have', () => {
    const cluster = start();
    cluster.create('deployments.apps', deployment('web', 1, 'nginx:1', { revisionHistoryLimit: 2 }));
    for (const version of [2, 3, 4, 5]) {
      cluster.clock.advance(30_000);
      setImage(cluster, `nginx:${version}`);
    }
    cluster.clock.advance(30_000);
    expect(sets(cluster)).toEqual(['3: 0/0', '4: 0/0', '5: 1/1']);
    cluster.stop();
  });

  it('waits with minReadySeconds before a pod counts', () => {
    const cluster = start();
    cluster.create('deployments.apps', deployment('web', 1, 'nginx:1', { minReadySeconds: 30 }));
    cluster.clock.advance(25_000);
    expect(cluster.get('deployments.apps', 'web')?.status).toMatchObject({ readyReplicas: 1, unavailableReplicas: 1 });
    cluster.clock.advance(10_000);
    expect(cluster.get('deployments.apps', 'web')?.status?.availableReplicas).toBe(1);
    cluster.stop();
  });
});
