import { type FieldError, forbiddenField, notSupported, required, tooLong } from '../../machinery/field-error.js';
import type { ResourceDefinition } from '../../registry/definition.js';
import { domainPath } from '../batch/job-rules.js';
import { define } from '../parts/define.js';
import { since } from '../parts/human-duration.js';
import { firstProblem, isLabel, isSubdomain } from '../parts/names.js';
import { immutable, named } from '../parts/rules.js';
import { type Fields, fields, isFields, isSet, setMissing, text } from '../parts/values.js';
import { typedReference } from './typed-reference.js';

const maxController = 250;

export const ingressClasses: ResourceDefinition = define({
  group: 'networking.k8s.io',
  resource: 'ingressclasses',
  kind: 'IngressClass',
  namespaced: false,
  hasGeneration: true,
  nameProblem: firstProblem(isSubdomain),
  setDefaults({ spec }) {
    const { parameters } = fields(spec);
    if (isFields(parameters)) setMissing(parameters, 'scope', 'Cluster');
  },
  validate: ({ spec }) => classRules(fields(spec)),
  validateUpdate: ({ spec }, { spec: old }) =>
    immutable(fields(spec).controller === fields(old).controller, text(fields(spec).controller), 'spec.controller'),
  cells: ({ metadata, spec }, now) => {
    const { controller, parameters } = fields(spec);
    const { kind, apiGroup, name } = fields(parameters);
    return [
      metadata.name,
      text(controller),
      isFields(parameters) ? `${text(kind)}${isSet(apiGroup) ? `.${text(apiGroup)}` : ''}/${text(name)}` : '<none>',
      since(metadata.creationTimestamp, now),
    ];
  },
});

function classRules({ controller, parameters }: Fields): FieldError[] {
  const errors = text(controller).length > maxController ? [tooLong('spec.controller', maxController)] : [];
  errors.push(...domainPath(text(controller), 'spec.controller'));
  if (!isFields(parameters)) return errors;
  const at = 'spec.parameters';
  const { scope, namespace } = parameters;
  errors.push(...typedReference(parameters, at));
  if (scope !== 'Cluster' && scope !== 'Namespace') errors.push(notSupported(`${at}.scope`, scope, ['Cluster', 'Namespace']));
  else if (scope === 'Cluster' && isSet(namespace))
    errors.push(forbiddenField(`${at}.namespace`, "`parameters.scope` is set to 'Cluster'"));
  else if (scope === 'Namespace')
    errors.push(
      ...(isSet(namespace)
        ? named(isLabel, text(namespace), `${at}.namespace`)
        : [required(`${at}.namespace`, "`parameters.scope` is set to 'Namespace'")]),
    );
  return errors;
}
