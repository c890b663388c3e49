import { type FieldError, required } from '../../machinery/field-error.js';
import { equal } from '../../machinery/object.js';
import type { ResourceDefinition } from '../../registry/definition.js';
import { define } from '../parts/define.js';
import { since } from '../parts/human-duration.js';
import { firstProblem, isSubdomain } from '../parts/names.js';
import { immutable, notNegative } from '../parts/rules.js';
import { isFields, isSet, number } from '../parts/values.js';

export const controllerRevisions: ResourceDefinition = define({
  group: 'apps',
  resource: 'controllerrevisions',
  kind: 'ControllerRevision',
  hasGeneration: false,
  nameProblem: firstProblem(isSubdomain),
  validate: ({ revision }) => notNegative(revision, 'revision'),
  validateCreate: ({ data }) => dataRules(data),
  validateUpdate: ({ data }, { data: old }) => immutable(equal(data, old), data, 'data'),
  cells: ({ metadata, revision }, now) => {
    const owner = metadata.ownerReferences?.find(({ controller }) => controller);
    const group = owner?.apiVersion.includes('/') ? `.${owner.apiVersion.split('/')[0] ?? ''}` : '';
    return [
      metadata.name,
      owner ? `${owner.kind.toLowerCase()}${group}/${owner.name}` : '<none>',
      number(revision),
      since(metadata.creationTimestamp, now),
    ];
  },
});

function dataRules(data: unknown): FieldError[] {
  if (!isSet(data)) return [required('data', 'data is mandatory')];
  return isFields(data) ? [] : [required('data', 'data must be a valid JSON object')];
}
