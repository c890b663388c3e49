import type { KubeObject } from '@fairlead/kube/protocol';
import { type FieldError, forbiddenField, invalidValue } from '../../../machinery/field-error.js';
import { draft, equal } from '../../../machinery/object.js';
import type { ResourceDefinition } from '../../../registry/definition.js';
import { changedText } from '../../parts/changed-text.js';
import { define } from '../../parts/define.js';
import { since } from '../../parts/human-duration.js';
import { firstProblem, isSubdomain } from '../../parts/names.js';
import { amountOf, immutable } from '../../parts/rules.js';
import { type Fields, fields, isFields, isSet, setEmpty, setMissing, text, within } from '../../parts/values.js';
import { roundResources } from '../../pod-template/defaults.js';
import { accessModesText, oldClassAnnotation, volumeClass } from './access-modes.js';
import { claimSpecRules } from './claim-rules.js';

export const persistentVolumeClaims: ResourceDefinition = define({
  resource: 'persistentvolumeclaims',
  kind: 'PersistentVolumeClaim',
  shortNames: ['pvc'],
  hasGeneration: false,
  nameProblem: firstProblem(isSubdomain),
  setDefaults(claim) {
    const spec = within(claim, 'spec');
    setMissing(spec, 'volumeMode', 'Filesystem');
    setEmpty(within(claim, 'status'), 'phase', 'Pending');
    const { limits, requests } = fields(spec.resources);
    for (const each of [limits, requests]) if (isFields(each)) roundResources(each);
  },
  prepareForCreate(claim) {
    claim.status = { phase: 'Pending' };
    alignSources(within(claim, 'spec'), {});
  },
  prepareForUpdate: (claim, old) => alignSources(within(claim, 'spec'), fields(old.spec)),
  validate: ({ spec }) => claimSpecRules(fields(spec), 'spec'),
  validateUpdate: claimUpdateRules,
  warnings({ metadata, spec }) {
    const size = fields(fields(fields(spec).resources).requests).storage;
    const warnings: string[] = [];
    if (metadata.annotations?.[oldClassAnnotation] !== undefined)
      warnings.push(`metadata.annotations[${oldClassAnnotation}]: deprecated since v1.8; use "storageClassName" attribute instead`);
    if (amountOf(size) % 10n ** 9n !== 0n)
      warnings.push(
        `spec.resources.requests[storage]: fractional byte value ${JSON.stringify(String(size))} is invalid, must be an integer`,
      );
    return warnings;
  },
  status: {
    validateUpdate: ({ status }) =>
      Object.entries(fields(fields(status).capacity)).flatMap(([name, value]) =>
        amountOf(value) < 0n ? [invalidValue(`status.capacity[${name}]`, value, 'must be a valid resource quantity')] : [],
      ),
  },
  selectableFields: { name: ({ metadata }) => metadata.name },
  cells: ({ metadata, spec: wanted, status: now }, time) => {
    const [spec, status] = [fields(wanted), fields(now)];
    const bound = text(spec.volumeName) !== '';
    return [
      metadata.name,
      metadata.deletionTimestamp ? 'Terminating' : text(status.phase),
      text(spec.volumeName),
      bound ? String(fields(status.capacity).storage ?? '0') : '',
      bound ? accessModesText(status.accessModes) : '',
      volumeClass(metadata, spec),
      isSet(spec.volumeAttributesClassName) ? text(spec.volumeAttributesClassName) : '<unset>',
      since(metadata.creationTimestamp, time),
      isSet(spec.volumeMode) ? text(spec.volumeMode) : '<unset>',
    ];
  },
});

/** What it is filled from has an old name and a new one; both say the same. */
function alignSources(spec: Fields, old: Fields): void {
  const { dataSource, dataSourceRef } = spec;
  const isKnown = (source: Fields): boolean =>
    (source.kind === 'PersistentVolumeClaim' && text(source.apiGroup) === '') ||
    (source.kind === 'VolumeSnapshot' && source.apiGroup === 'snapshot.storage.k8s.io');
  if (isFields(dataSourceRef) && text(dataSourceRef.namespace) !== '' && !isSet(old.dataSourceRef)) delete spec.dataSourceRef;
  if (isFields(dataSource) && !isSet(spec.dataSourceRef) && !isSet(old.dataSource) && !isSet(old.dataSourceRef) && !isKnown(dataSource))
    delete spec.dataSource;
  if (isFields(spec.dataSource) && !isSet(spec.dataSourceRef)) spec.dataSourceRef = { ...spec.dataSource };
  else if (isFields(spec.dataSourceRef) && !isSet(spec.dataSource) && text(spec.dataSourceRef.namespace) === '')
    spec.dataSource = { ...spec.dataSourceRef };
}

function claimUpdateRules(claim: KubeObject, old: KubeObject): FieldError[] {
  const [spec, before] = [draft(fields(claim.spec)), draft(fields(old.spec))];
  const errors: FieldError[] = [];
  if (text(before.volumeName) === '' && isSet(spec.volumeName)) before.volumeName = spec.volumeName;
  const [now, then] = [claim.metadata.annotations?.[oldClassAnnotation] ?? '', old.metadata.annotations?.[oldClassAnnotation] ?? ''];
  if (now !== then && !(then !== '' && spec.storageClassName === then && now === ''))
    errors.push(invalidValue(`metadata.annotations.${oldClassAnnotation}`, now, 'field is immutable'));
  // A class may still be given to a claim that has none.
  if (!isSet(before.storageClassName) && isSet(spec.storageClassName) && (then === '' || then === spec.storageClassName))
    delete spec.storageClassName;
  const bound = fields(claim.status).phase === 'Bound';
  const sizeOf = (of: Fields): unknown => fields(fields(of.resources).requests).storage;
  const [size, oldSize] = [sizeOf(spec), sizeOf(before)];
  if (bound) {
    const requests = fields(fields(spec.resources).requests);
    if (isSet(oldSize)) requests.storage = oldSize;
    if (isSet(before.volumeAttributesClassName)) spec.volumeAttributesClassName = before.volumeAttributesClassName;
    else delete spec.volumeAttributesClassName;
  }
  if (!equal(spec, before)) {
    const words = 'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims';
    errors.push(forbiddenField('spec', `${words}\n${changedText('PersistentVolumeClaimSpec', before, spec)}`));
  }
  const capacity = fields(fields(old.status).capacity).storage;
  if (amountOf(size) < amountOf(oldSize) && amountOf(size) <= amountOf(capacity))
    errors.push(forbiddenField('spec.resources.requests.storage', 'field can not be less than status.capacity'));
  const mode = fields(claim.spec).volumeMode;
  errors.push(...immutable(mode === fields(old.spec).volumeMode, mode ?? null, 'volumeMode'));
  return errors;
}
