import type { KubeObject } from '@fairlead/kube/protocol';
import { type FieldError, forbiddenField } from '../../../machinery/field-error.js';
import { equal } from '../../../machinery/object.js';
import type { Subresource } from '../../../registry/definition.js';
import { changedText } from '../../parts/changed-text.js';
import { keepAllBut } from '../../parts/status-part.js';
import { fields, isSet, items, list, text } from '../../parts/values.js';
import { setContainerDefaults } from '../../pod-template/defaults.js';
import { podRules } from './pod-rules.js';
import { raiseGeneration } from './raise-generation.js';

/** PATCH pods/NAME/ephemeralcontainers, as `kubectl debug` does it: they are added, and stay. */
export const ephemeralContainers: Subresource = {
  type: 'part',
  verbs: ['get', 'patch', 'update'],
  prepareForUpdate(pod, old) {
    const asked = fields(pod.spec).ephemeralContainers;
    keepAllBut(pod, old, []);
    const { ephemeralContainers: _, ...rest } = fields(old.spec);
    pod.spec = { ...rest, ...(isSet(asked) ? { ephemeralContainers: asked } : {}) };
    for (const container of items(asked)) setContainerDefaults(container);
    raiseGeneration(pod, old);
  },
  validateUpdate: (pod, old) => [...podRules(pod), ...changes(pod, old)],
};

function changes(pod: KubeObject, old: KubeObject): FieldError[] {
  const now = list(fields(pod.spec).ephemeralContainers);
  return list(fields(old.spec).ephemeralContainers).flatMap((container) => {
    const same = now.find(({ name }) => name === container.name);
    const what = `existing ephemeral containers "${text(container.name)}"`;
    if (!same) return [forbiddenField('spec.ephemeralContainers', `${what} may not be removed\n`)];
    if (equal(same, container)) return [];
    const told = `${what} may not be changed\n${changedText('EphemeralContainer', container, same)}`;
    return [forbiddenField('spec.ephemeralContainers', told)];
  });
}
