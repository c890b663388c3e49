import { type KubeObject, matchesLabelSelector } from '@fairlead/kube/protocol';
import { equal } from '../../machinery/object.js';
import type { Again, Controller, ControllerContext } from '../controller.js';
import type { Pod } from '../model/pod.js';
import type { ControllerRevision, StatefulSet } from '../model/workloads.js';
import { claim, ownAndOrphans } from '../parts/claim.js';
import { ControllerApi } from '../parts/controller-api.js';
import { keyOf, splitKey } from '../parts/keys.js';
import { controllerReference } from '../parts/owner.js';
import { nextAvailableIn } from '../parts/pod-state.js';
import { currentRevision, revisionsOf, templateOf, truncateHistory } from '../parts/revision-history.js';
import { itsController, itself } from '../parts/watch-keys.js';
import { claimsOf, kind, ordinalOf, podOf, revisionLabel } from './identity.js';
import { byOrdinal, nextSteps, type Step, statefulSetStatus } from './stateful-order.js';

/** Pods with names, claims of their own and an order. */
export function statefulSets(context: ControllerContext): Controller {
  const api = new ControllerApi(context, { account: 'statefulset-controller' });

  function reconcile(key: string): Again | undefined {
    const { namespace, name } = splitKey(key);
    const set = api.get('statefulsets.apps', namespace, name);
    if (!set) return undefined;
    const history = revisionsOf(api, set);
    const update = currentRevision(api, history, {
      kind,
      owner: set,
      template: set.spec.template,
      hashLabel: 'controller.kubernetes.io/hash',
      collisionCount: set.status?.collisionCount ?? 0,
    });
    const known = revisionsOf(api, set);
    const current = known.find((each) => each.metadata.name === set.status?.currentRevision) ?? update;
    const revisions = { current: current.metadata.name, update: update.metadata.name };
    for (const pod of podsOf(set)) if (pod.status?.phase === 'Pending') ensureClaims(set, ordinalOf(pod), pod.metadata.name);
    try {
      for (const step of nextSteps(set, podsOf(set), revisions, api.now())) act(set, step, known);
    } finally {
      const status = statefulSetStatus(set, podsOf(set), revisions, api.now());
      if (!equal(set.status, status)) {
        api.changeStatus('statefulsets.apps', set, (draft) => {
          draft.status = status;
        });
      }
    }
    const live = new Set([revisions.current, revisions.update, ...podsOf(set).map((pod) => pod.metadata.labels?.[revisionLabel] ?? '')]);
    truncateHistory(api, known, live, set.spec.revisionHistoryLimit ?? 10);
    const wait = nextAvailableIn(podsOf(set), set.spec.minReadySeconds ?? 0, api.now());
    return wait === undefined ? undefined : { againAfterMs: wait };
  }

  function podsOf(set: StatefulSet): Pod[] {
    const isNamed = (pod: Pod): boolean => ordinalOf(pod) >= 0 && pod.metadata.name === `${set.metadata.name}-${ordinalOf(pod)}`;
    const candidates = ownAndOrphans(api, 'pods', set).filter(isNamed);
    return claim(api, { resource: 'pods', kind, owner: set, selector: set.spec.selector }, candidates).sort(byOrdinal);
  }

  function act(set: StatefulSet, step: Step, known: readonly ControllerRevision[]): void {
    if (step.do === 'create') {
      const revision = known.find((each) => each.metadata.name === step.revision);
      const pod = podOf(set, revision ? templateOf(revision) : set.spec.template, step.ordinal, step.revision);
      ensureClaims(set, step.ordinal, pod.metadata.name);
      told(set, pod.metadata.name, 'create', () => api.create('pods', pod));
    } else {
      if (step.for === 'scale') releaseClaims(set, step.pod);
      told(set, step.pod.metadata.name, 'delete', () => api.delete('pods', step.pod));
    }
  }

  function ensureClaims(set: StatefulSet, ordinal: number, pod: string): void {
    for (const wanted of claimsOf(set, ordinal)) {
      const { namespace = '', name } = wanted.metadata;
      if (api.get('persistentvolumeclaims', namespace, name)) continue;
      const where = `Pod ${pod} in StatefulSet ${set.metadata.name}`;
      try {
        api.create('persistentvolumeclaims', wanted);
        api.event(set, 'Normal', 'SuccessfulCreate', `create Claim ${name} ${where} success`);
      } catch (error) {
        if (error instanceof Error) {
          api.event(set, 'Warning', 'FailedCreate', `create Claim ${name} for ${where} failed error: ${error.message}`);
        }
        throw error;
      }
    }
  }

  /** With `whenScaled: Delete` the claims of a pod that is too many go with it. */
  function releaseClaims(set: StatefulSet, pod: Pod): void {
    if (set.spec.persistentVolumeClaimRetentionPolicy?.whenScaled !== 'Delete') return;
    for (const { metadata } of claimsOf(set, ordinalOf(pod))) {
      const found = api.get('persistentvolumeclaims', metadata.namespace ?? '', metadata.name);
      if (!found) continue;
      api.change('persistentvolumeclaims', found, (draft) => {
        draft.metadata.ownerReferences = [controllerReference({ apiVersion: 'v1', kind: 'Pod' }, pod)];
      });
    }
  }

  function told(set: StatefulSet, pod: string, verb: 'create' | 'delete', act: () => unknown): void {
    const [done, what] = [verb === 'create' ? 'Create' : 'Delete', `${verb} Pod ${pod} in StatefulSet ${set.metadata.name}`];
    try {
      act();
      api.event(set, 'Normal', `Successful${done}`, `${what} successful`);
    } catch (error) {
      if (error instanceof Error) api.event(set, 'Warning', `Failed${done}`, `${what} failed error: ${error.message}`);
      throw error;
    }
  }

  const takers = (orphan: KubeObject): readonly StatefulSet[] =>
    api
      .list('statefulsets.apps', orphan.metadata.namespace)
      .filter((each) => matchesLabelSelector(each.spec.selector, orphan.metadata.labels));

  return {
    name: 'statefulset',
    watches: { 'statefulsets.apps': itself, pods: itsController('StatefulSet', takers) },
    initialKeys: () => api.list('statefulsets.apps').map(keyOf),
    reconcile,
  };
}
