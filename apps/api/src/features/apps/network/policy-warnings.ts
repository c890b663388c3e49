import { isRecord, type Manifest } from '@fairlead/kube';
import type { Obstacle, ReachRule } from '@fairlead/shared';
import { identityOf, titleOf } from '../render/identity.js';
import { adminsPart, isNetworkPolicy } from './admins-part.js';
import { readRules, speaksOf } from './policy-reading.js';
import { readerOf } from './policy-words.js';

const mayBeController: ReadonlySet<ReachRule['kind']> = new Set(['anywhere', 'other-namespace', 'ingress-controller', 'addresses', 'pods']);

/**
 * Routes that new rules would leave dead, or that come to an app whose rules let no controller in. Pure; only where the step makes it so, for an
 * app that was warned of once is not warned of at each deploy. Who the controller is, is not known here: a rule that could let it in is enough.
 */
export function shutOutRoutes(before: readonly Manifest[], wanted: readonly Manifest[]): Obstacle[] {
  const routes = wanted.filter(({ kind }) => kind === 'Ingress');
  const had = new Set(before.map(identityOf));
  const { touched } = adminsPart(before, wanted);
  if (routes.length === 0 || (touched.length === 0 && routes.every((each) => had.has(identityOf(each))))) return [];
  const policies = wanted.filter((each) => isNetworkPolicy(each) && speaksOf(each, 'Ingress'));
  const rules = policies.flatMap((each) => readRules(each, 'Ingress', readerOf(each)));
  const [first] = policies;
  if (!first || rules.some(({ kind }) => mayBeController.has(kind))) return [];
  return [
    {
      object: titleOf(first),
      field: 'spec.ingress',
      reason: `it lets no ingress controller in, so ${hostsOf(routes).join(', ') || 'the routes'} would not be answered`,
      severity: 'warns',
    },
  ];
}

/** Apps that rules which the step makes name, and where they would have to be. */
export function namedApps(before: readonly Manifest[], wanted: readonly Manifest[]): { policy: string; app: string; namespace: string }[] {
  const { touched } = adminsPart(before, wanted);
  const made = touched.filter((each) => wanted.includes(each));
  return made.flatMap((policy) => {
    const rules = [...readRules(policy, 'Ingress', readerOf(policy)), ...readRules(policy, 'Egress', readerOf(policy))];
    return rules.flatMap(({ peer }) =>
      peer && typeof peer === 'object' && 'app' in peer
        ? [{ policy: titleOf(policy), app: peer.app, namespace: peer.namespace ?? policy.metadata.namespace ?? '' }]
        : [],
    );
  });
}

const hostsOf = (routes: readonly Manifest[]): string[] =>
  routes.flatMap(({ spec }) =>
    isRecord(spec) && Array.isArray(spec.rules)
      ? spec.rules.flatMap((rule) => (isRecord(rule) && typeof rule.host === 'string' ? [rule.host] : []))
      : [],
  );
