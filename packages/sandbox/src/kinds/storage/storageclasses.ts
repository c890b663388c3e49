import type { KubeObject } from '@fairlead/kube/protocol';
import { duplicate, type FieldError, forbiddenField, invalidValue, notSupported, required, tooLong } from '../../machinery/field-error.js';
import { equal } from '../../machinery/object.js';
import type { ResourceDefinition } from '../../registry/definition.js';
import { define } from '../parts/define.js';
import { since } from '../parts/human-duration.js';
import { firstProblem, isQualifiedName, isSubdomain } from '../parts/names.js';
import { immutable, labelKey, named } from '../parts/rules.js';
import { type Fields, fields, flag, list, setMissing, stringMap, strings, text } from '../parts/values.js';
import { oldLabelWords } from '../pod-template/node-labels.js';

const maxParameterBytes = 256 * 1024;
const maxParameters = 512;
const defaultAnnotations = ['storageclass.kubernetes.io/is-default-class', 'storageclass.beta.kubernetes.io/is-default-class'];

export const storageClasses: ResourceDefinition = define({
  group: 'storage.k8s.io',
  resource: 'storageclasses',
  kind: 'StorageClass',
  namespaced: false,
  shortNames: ['sc'],
  hasGeneration: false,
  nameProblem: firstProblem(isSubdomain),
  setDefaults(storageClass) {
    setMissing(storageClass, 'reclaimPolicy', 'Delete');
    setMissing(storageClass, 'volumeBindingMode', 'Immediate');
  },
  validate: classRules,
  validateUpdate: (now, old) => [
    ...(equal(fields(now.parameters), fields(old.parameters))
      ? []
      : [forbiddenField('parameters', 'updates to parameters are forbidden.')]),
    ...(now.provisioner === old.provisioner ? [] : [forbiddenField('provisioner', 'updates to provisioner are forbidden.')]),
    ...(now.reclaimPolicy === old.reclaimPolicy ? [] : [forbiddenField('reclaimPolicy', 'updates to reclaimPolicy are forbidden.')]),
    ...immutable(now.volumeBindingMode === old.volumeBindingMode, now.volumeBindingMode, 'volumeBindingMode'),
  ],
  warnings: ({ allowedTopologies }) =>
    list(allowedTopologies).flatMap(({ matchLabelExpressions }, index) =>
      list(matchLabelExpressions).flatMap(({ key }, position) => {
        const words = oldLabelWords[text(key)];
        return words ? [`allowedTopologies[${index}].matchLabelExpressions[${position}].key: ${words}`] : [];
      }),
    ),
  cells: ({ metadata, provisioner, reclaimPolicy, volumeBindingMode, allowVolumeExpansion }, now) => [
    `${metadata.name}${defaultAnnotations.some((key) => metadata.annotations?.[key] === 'true') ? ' (default)' : ''}`,
    text(provisioner),
    text(reclaimPolicy) || 'Delete',
    text(volumeBindingMode) || 'Immediate',
    flag(allowVolumeExpansion),
    since(metadata.creationTimestamp, now),
  ],
});

function classRules({ provisioner, parameters, reclaimPolicy, volumeBindingMode, allowedTopologies }: KubeObject): FieldError[] {
  const errors: FieldError[] = [];
  if (text(provisioner) === '') errors.push(required('provisioner'));
  else errors.push(...named(isQualifiedName, text(provisioner).toLowerCase(), 'provisioner'));
  const given = Object.entries(stringMap(parameters));
  if (given.length > maxParameters) errors.push(tooLong('parameters', maxParameters));
  else {
    if (given.some(([key]) => key === '')) errors.push(invalidValue('parameters', '', 'field can not be empty.'));
    if (given.reduce((sum, [key, value]) => sum + key.length + value.length, 0) > maxParameterBytes)
      errors.push(tooLong('parameters', maxParameterBytes));
  }
  if (!['Delete', 'Retain', ''].includes(text(reclaimPolicy)))
    errors.push(notSupported('reclaimPolicy', reclaimPolicy, ['Delete', 'Retain']));
  const modes = ['Immediate', 'WaitForFirstConsumer'];
  if (!modes.includes(text(volumeBindingMode))) errors.push(notSupported('volumeBindingMode', volumeBindingMode, modes));
  const terms = list(allowedTopologies).map(termText);
  list(allowedTopologies).forEach((term, index) => {
    const keys = new Set<string>();
    list(term.matchLabelExpressions).forEach(({ key, values }, position) => {
      const at = `allowedTopologies[${index}].matchLabelExpressions[${position}]`;
      const all = strings(values);
      if (all.length === 0) errors.push(required(`${at}.values`));
      all.forEach((value, place) => {
        if (all.indexOf(value) !== place) errors.push(duplicate(`${at}.values[${place}]`, value));
      });
      errors.push(...labelKey(text(key), `${at}.key`));
      if (keys.has(text(key))) errors.push(duplicate(`${at}.key`, text(key)));
      keys.add(text(key));
    });
    if (terms.indexOf(termText(term)) !== index) errors.push(duplicate(`allowedTopologies[${index}].matchLabelExpressions`, ''));
  });
  return errors;
}

/** The same for terms that mean the same. */
const termText = ({ matchLabelExpressions }: Fields): string =>
  JSON.stringify(
    list(matchLabelExpressions)
      .map(({ key, values }) => [text(key), [...strings(values)].sort()])
      .sort(),
  );
