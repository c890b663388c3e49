import type { KubeObject } from '@fairlead/kube/protocol';
import { type FieldError, forbiddenField, invalidValue } from '../../../machinery/field-error.js';
import { type Fields, fields, isFields, list, text } from '../../parts/values.js';
import { imageSpaces } from '../../pod-template/rules/containers.js';
import { podSpecRules } from '../../pod-template/rules/pod-spec.js';

/** validatePodMetadataAndSpec, without what all metadata is asked. */
export function podRules(pod: KubeObject): FieldError[] {
  const spec = fields(pod.spec);
  return [
    ...annotationRules(pod.metadata.annotations ?? {}, spec),
    ...podSpecRules(spec, 'spec', { isPod: true, podName: pod.metadata.name }),
    ...(text(spec.serviceAccountName) === '' ? tokensWithoutAccount(spec) : []),
    ...['containers', 'initContainers'].flatMap((key) =>
      list(spec[key]).flatMap((container, index) => imageSpaces(container, `spec.${key}[${index}]`)),
    ),
  ];
}

/** What a pod may not say when it is made. */
export function podCreationRules({ spec: given }: KubeObject): FieldError[] {
  const spec = fields(given);
  const errors: FieldError[] = [];
  if (list(spec.ephemeralContainers).length > 0) errors.push(forbiddenField('spec.ephemeralContainers', 'cannot be set on create'));
  if (text(spec.nodeName) !== '' && list(spec.schedulingGates).length > 0)
    errors.push(forbiddenField('spec.nodeName', 'cannot be set until all schedulingGates have been cleared'));
  return errors;
}

const mirror = 'kubernetes.io/config.mirror';
const deletionCost = 'controller.kubernetes.io/pod-deletion-cost';

function annotationRules(annotations: Readonly<Record<string, string>>, spec: Fields): FieldError[] {
  const errors: FieldError[] = [];
  const at = (key: string): string => `metadata.annotations[${key}]`;
  if (annotations[mirror] !== undefined && text(spec.nodeName) === '')
    errors.push(invalidValue(at(mirror), annotations[mirror], 'must set spec.nodeName if mirror pod annotation is set'));
  const cost = annotations[deletionCost];
  if (cost !== undefined && !(/^(0|-?[1-9]\d*)$/.test(cost) && Math.abs(Number(cost)) < 2 ** 31))
    errors.push(invalidValue(at(deletionCost), cost, 'must be a 32bit integer'));
  return errors;
}

function tokensWithoutAccount(spec: Fields): FieldError[] {
  return list(spec.volumes).flatMap(({ projected }, index) =>
    list(fields(projected).sources).flatMap((source, position) =>
      isFields(source.serviceAccountToken)
        ? [
            forbiddenField(
              `spec.volumes[${index}].projected.sources[${position}].serviceAccountToken`,
              'must not be specified when serviceAccountName is not set',
            ),
          ]
        : [],
    ),
  );
}
