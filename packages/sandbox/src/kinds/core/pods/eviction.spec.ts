import type { KubeObject } from '@fairlead/kube/protocol';
import { expect, test } from 'vitest';
import { testApi } from '../../../../test/support/test-api.js';
import type { ApiError } from '../../../machinery/api-error.js';
import { builtInKinds } from '../../index.js';
import { eviction } from './eviction.js';

const budgets = 'poddisruptionbudgets.policy';
const metadata = { namespace: 'default', labels: { app: 'a' } };
const body = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'p' } } as KubeObject;

interface Case {
  phase?: string;
  ready?: boolean;
  allowed?: number;
  policy?: string;
  healthy?: number;
  isNew?: boolean;
}

function evicting({ phase = 'Running', ready = true, allowed, policy, healthy = 1, isNew = false }: Case) {
  const { api, clock } = testApi(builtInKinds());
  const setStatus = (resource: string, name: string, status: object): void => {
    const change = (object: KubeObject): void => {
      object.status = { ...(object.status as object), ...status };
    };
    api.change(resource, 'default', name, change, { subresource: 'status' });
  };
  api.create('pods', { metadata: { ...metadata, name: 'p' }, spec: { containers: [{ name: 'c', image: 'i' }] } } as KubeObject);
  setStatus('pods', 'p', { phase, conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] });
  if (allowed !== undefined) {
    const spec = { minAvailable: 1, selector: { matchLabels: { app: 'a' } }, ...(policy ? { unhealthyPodEvictionPolicy: policy } : {}) };
    api.create(budgets, { metadata: { name: 'b', namespace: 'default' }, spec } as KubeObject);
    const counted = { disruptionsAllowed: allowed, currentHealthy: healthy, desiredHealthy: 1, expectedPods: 2 };
    if (!isNew) setStatus(budgets, 'b', { observedGeneration: 1, ...counted });
  }
  if (eviction.type !== 'act') throw new Error('an act');
  const user = { name: 'me', groups: [] };
  const context = { api, user, now: clock.now(), dryRun: false };
  try {
    const { code } = eviction.act(api.get('pods', 'default', 'p') as KubeObject, body, context);
    return { code, isGone: !api.get('pods', 'default', 'p'), status: api.get(budgets, 'default', 'b')?.status };
  } catch (error) {
    const { code, details } = (error as ApiError).status;
    return { code, cause: details?.causes?.[0]?.message };
  }
}

test.each<[what: string, given: Case]>([
  ['no budget', {}],
  ['a budget that allows one', { allowed: 1 }],
  ['a pod that does not serve yet', { phase: 'Pending', allowed: 0 }],
  ['a pod that is not ready, of an app that is healthy enough', { ready: false, allowed: 0 }],
  ['a pod that is not ready, by its policy', { ready: false, allowed: 0, healthy: 0, policy: 'AlwaysAllow' }],
])('goes: %s', (_, given) => expect(evicting(given)).toMatchObject({ code: 201, isGone: true }));

test.each<[what: string, given: Case, cause: string]>([
  ['nothing more is allowed', { allowed: 0 }, 'The disruption budget b needs 1 healthy pods and has 1 currently'],
  [
    'not ready, and too few are',
    { ready: false, allowed: 0, healthy: 0 },
    'The disruption budget b needs 1 healthy pods and has 0 currently',
  ],
  ['nobody has counted yet', { allowed: 1, isNew: true }, 'The disruption budget b is still being processed by the server.'],
])('stays: %s', (_, given, cause) => expect(evicting(given)).toEqual({ code: 429, cause }));

test('an eviction is counted against its budget', () => {
  expect(evicting({ allowed: 1 }).status).toMatchObject({
    disruptionsAllowed: 0,
    disruptedPods: { p: '2026-01-01T00:00:00Z' },
    conditions: [{ type: 'DisruptionAllowed', status: 'False', reason: 'InsufficientPods' }],
  });
});
