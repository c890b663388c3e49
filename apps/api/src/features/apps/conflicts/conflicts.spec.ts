import { KubeError, type KubeObject, type Manifest } from '@fairlead/kube';
import type { ConflictChoice, LeftField } from '@fairlead/shared';
import { describe, expect, it } from 'vitest';
import { choiceOf, conflictsOf, isFieldConflict } from './conflicts.js';
import { isLeft, leftWords, sameLeft, stillLeft, withChosen, withoutLeft } from './left.js';

const container = (image: string, value: string) => ({ spec: { containers: [{ name: 'web', image, env: [{ name: 'A', value }] }] } });
const sent: Manifest = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', annotations: { 'fairlead.dev/app-id': 'x' } },
  spec: { replicas: 3, template: container('nginx:1.27', 'ours') },
};
const live: KubeObject = { metadata: { name: 'web' }, spec: { replicas: 7, template: container('nginx:1.28', 'theirs') } };
const refused = (...fields: string[]) =>
  new KubeError({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    code: 409,
    reason: 'Conflict',
    message: 'Apply failed',
    details: {
      causes: fields.map((field) => ({ reason: 'FieldManagerConflict', message: 'conflict with "kubectl-edit" using apps/v1', field })),
    },
  });
const image = 'spec.template.spec.containers[web].image';
const replicas: LeftField = {
  object: 'Deployment/web',
  field: 'spec.replicas',
  owner: { manager: 'kubectl-edit', name: 'kubectl edit' },
  since: '2026-01-01T00:00:00.000Z',
};

describe('conflicts', () => {
  it('name both sides and the owner; our own marks are no question, and values of variables are not shown', () => {
    const error = refused(
      '.spec.replicas',
      '.spec.template.spec.containers[name="web"].env[name="A"].value',
      '.metadata.annotations.fairlead.dev/app-id',
    );
    expect(isFieldConflict(error)).toBe(true);
    expect(conflictsOf(sent, live, error, [])).toMatchObject([
      { object: 'Deployment/web', field: 'spec.replicas', wanted: '3', found: '7', owner: { name: 'kubectl edit' }, choice: null },
      { field: 'spec.template.spec.containers[web].env[A].value', wanted: '(not shown)', found: '(not shown)' },
    ]);
  });

  const of = (choice: ConflictChoice['choice'], field?: string): ConflictChoice => ({
    object: 'Deployment/web',
    choice,
    ...(field && { field }),
  });
  it.each<[string, ConflictChoice[], string | null]>([
    ['nobody', [], null],
    ['the object', [of('leave')], 'leave'],
    ['the field before its object', [of('take-over', image), of('leave')], 'take-over'],
    ['another field', [of('leave', 'spec.replicas')], null],
    ['another object', [{ object: 'Service/web', choice: 'leave' }], null],
  ])('are decided by %s', (_, choices, choice) => expect(choiceOf({ object: 'Deployment/web', field: image }, choices)).toBe(choice));
});

describe('what is left to others', () => {
  const now = new Date('2026-02-01T00:00:00.000Z');
  it('is what was chosen, with what stood', () => {
    const conflicts = conflictsOf(sent, live, refused('.spec.template.spec.containers[name="web"].image'), [
      { object: 'Deployment/web', choice: 'leave' },
    ]);
    expect(withChosen([replicas], conflicts, now)).toMatchObject([{ field: 'spec.replicas' }, { field: image, since: now.toISOString() }]);
  });

  it.each<[string, Manifest[], ConflictChoice[], number]>([
    ['stands', [sent], [], 1],
    ['ends by taking over', [sent], [{ object: 'Deployment/web', field: 'spec.replicas', choice: 'take-over' }], 0],
    ['ends with the object', [], [], 0],
    ['ends with the field', [{ ...sent, spec: {} }], [], 0],
  ])('%s', (_, wanted, choices, count) => expect(stillLeft([replicas], wanted, choices)).toHaveLength(count));

  it('is not sent over what lives; what does not live is sent whole', () => {
    expect(withoutLeft(sent, live, [replicas]).spec).not.toHaveProperty('replicas');
    expect(withoutLeft(sent, null, [replicas])).toBe(sent);
  });

  it.each<[string, string, boolean]>([
    ['Deployment/web', 'spec.replicas', true],
    ['Deployment/web', 'spec.replicas.x', true],
    ['Deployment/web', 'spec.replicasMore', false],
    ['Deployment/other', 'spec.replicas', false],
  ])('%s %s: %s', (object, field, left) => expect(isLeft([replicas], object, field)).toBe(left));

  it('is said in words', () => {
    expect(leftWords([], [replicas])).toEqual(['left to kubectl edit: spec.replicas of Deployment/web']);
    expect(leftWords([replicas], [])).toEqual(['taken over: spec.replicas of Deployment/web']);
    expect(sameLeft([replicas], [{ ...replicas, since: now.toISOString() }])).toBe(true);
  });
});
