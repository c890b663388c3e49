import type { KubeObject } from '@fairlead/kube/protocol';
import { type FieldError, forbiddenField, invalidValue } from '../../../machinery/field-error.js';
import { draft, equal } from '../../../machinery/object.js';
import type { Subresource } from '../../../registry/definition.js';
import { keepAllBut } from '../../parts/status-part.js';
import { type Fields, fields, isFields, isSet, list, text } from '../../parts/values.js';
import { setPodDefaults } from '../../pod-template/defaults.js';
import { podRules } from './pod-rules.js';
import { qosClass } from './qos-class.js';
import { raiseGeneration } from './raise-generation.js';

const kinds = ['containers', 'initContainers'] as const;

/** PATCH pods/NAME/resize: CPU and memory of containers, and nothing else. */
export const resize: Subresource = {
  type: 'part',
  verbs: ['get', 'patch', 'update'],
  prepareForUpdate(pod, old) {
    const [asked, before] = [fields(pod.spec), fields(old.spec)];
    const sameNumber = kinds.every((kind) => list(asked[kind]).length === list(before[kind]).length);
    if (sameNumber) {
      keepAllBut(pod, old, ['spec']);
      pod.spec = {
        ...draft(before),
        ...Object.fromEntries(kinds.filter((kind) => isSet(before[kind])).map((kind) => [kind, resized(asked, before, kind)])),
      };
    } else keepAllBut(pod, old, ['spec']);
    setPodDefaults(pod);
    raiseGeneration(pod, old);
  },
  validateUpdate: (pod, old) => [...podRules(pod), ...resizeErrors(pod, old)],
};

/** The old container with the new one's resources; names are kept to be compared. */
function resized(asked: Fields, before: Fields, kind: string): Fields[] {
  return list(before[kind]).map((old, index) => {
    const next = list(asked[kind])[index];
    const { resources, resizePolicy } = next ?? {};
    return {
      ...draft(old),
      name: next?.name ?? old.name,
      ...(isSet(resources) ? { resources: draft(resources) } : { resources: {} }),
      ...(isSet(resizePolicy) ? { resizePolicy: draft(resizePolicy) } : {}),
    };
  });
}

function resizeErrors(pod: KubeObject, old: KubeObject): FieldError[] {
  const [spec, before] = [fields(pod.spec), fields(old.spec)];
  if (isSet(before.resources) || isSet(spec.resources)) return [forbiddenField('[]', 'pods with pod-level resources cannot be resized')];
  const errors: FieldError[] = [];
  const qos = text(fields(old.status).qosClass) || qosClass(before);
  if (qos !== qosClass(spec)) errors.push(invalidValue('spec', qos, 'Pod QOS Class may not change as a result of resizing'));
  const running = list(fields(old.status).containerStatuses).find(({ state }) => isFields(fields(state).running));
  if (running && !isSet(running.resources)) errors.push(forbiddenField('spec', 'Pod running on node without support for resize'));
  for (const kind of kinds) {
    if (list(spec[kind]).length !== list(before[kind]).length)
      return [...errors, forbiddenField(`spec.${kind}`, `${kind} may not be added or removed on resize`)];
    const moved = list(before[kind]).flatMap(({ name }, index) =>
      list(spec[kind])[index]?.name === name
        ? []
        : [forbiddenField(`spec.${kind}[${index}].name`, `${kind} may not be renamed or reordered on resize`)],
    );
    if (moved.length > 0) return [...errors, ...moved];
  }
  for (const kind of kinds)
    list(before[kind]).forEach((container, index) => {
      const now = list(spec[kind])[index] ?? {};
      const isSidecar = container.restartPolicy === 'Always';
      if (kind === 'initContainers' && !isSidecar) {
        if (!equal(now, container)) errors.push(forbiddenField('spec', 'resources for non-sidecar init containers are immutable'));
        return;
      }
      errors.push(...removed(now, container, `spec.${kind}[${index}].resources`));
      const words = isSidecar
        ? 'only cpu and memory resources for sidecar containers are mutable'
        : 'only cpu and memory resources are mutable';
      if (!equal(withOldAmounts(now, container), container)) errors.push(forbiddenField('spec', words));
    });
  return errors;
}

function removed(now: Fields, old: Fields, path: string): FieldError[] {
  return ['requests', 'limits'].flatMap((key) => {
    const [after, before] = [fields(fields(now.resources)[key]), fields(fields(old.resources)[key])];
    const gone = Object.keys(before).some((name) => !(name in after));
    return gone ? [forbiddenField(`${path}.${key}`, `resource ${key} cannot be removed`)] : [];
  });
}

function withOldAmounts(now: Fields, old: Fields): Fields {
  const resources: Fields = { ...fields(now.resources) };
  for (const key of ['requests', 'limits']) {
    const [after, before] = [{ ...fields(resources[key]) }, fields(fields(old.resources)[key])];
    for (const name of ['cpu', 'memory']) {
      if (name in before) after[name] = before[name];
      else delete after[name];
    }
    if (Object.keys(after).length > 0) resources[key] = after;
    else delete resources[key];
  }
  return { ...now, resources };
}
