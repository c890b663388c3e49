import type { KubeObject } from '@fairlead/kube/protocol';
import { type FieldError, forbiddenField, invalidValue, notSupported, required } from '../../machinery/field-error.js';
import { draft, equal } from '../../machinery/object.js';
import type { ResourceDefinition } from '../../registry/definition.js';
import { claimSpecRules } from '../core/volumes/claim-rules.js';
import { containerCells } from '../parts/container-cells.js';
import { define } from '../parts/define.js';
import { since } from '../parts/human-duration.js';
import { atMost100Percent, intOrPercent } from '../parts/int-or-percent.js';
import { firstProblem, isLabel, isQualifiedName } from '../parts/names.js';
import { labelMap, named, notNegative } from '../parts/rules.js';
import { scale } from '../parts/status-part.js';
import {
  type Fields,
  fields,
  isFields,
  isSet,
  items,
  list,
  number,
  setEmpty,
  setMissing,
  stringMap,
  text,
  within,
} from '../parts/values.js';
import { setTemplateDefaults } from '../pod-template/defaults.js';
import { dropDisabledOfTemplate } from '../pod-template/drop-disabled.js';
import { alwaysRestarted, isUsableSelector, selectedRules, selectorRules, templateRules } from '../pod-template/rules/template.js';
import { podWarnings } from '../pod-template/warnings.js';
import { collisionRules, countRules } from './replica-counts.js';

const counts = [
  'replicas',
  'readyReplicas',
  'currentReplicas',
  'updatedReplicas',
  'availableReplicas',
  'observedGeneration',
  'collisionCount',
];
const changeable = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
];

export const statefulSets: ResourceDefinition = define({
  group: 'apps',
  resource: 'statefulsets',
  kind: 'StatefulSet',
  shortNames: ['sts'],
  categories: ['all'],
  nameProblem: firstProblem(isLabel),
  setDefaults: setStatefulSetDefaults,
  prepareForCreate: ({ spec }) => dropDisabledOfTemplate(fields(spec).template),
  prepareForUpdate: ({ spec }) => dropDisabledOfTemplate(fields(spec).template),
  validate: ({ spec }) => statefulSetRules(fields(spec)),
  validateCreate: ({ spec }) => [...claimRules(fields(spec)), ...serviceNameRules(fields(spec))],
  validateUpdate: onlyChangeable,
  warnings: ({ spec, metadata }, old) => [
    ...(old && old.metadata.generation === metadata.generation ? [] : podWarnings(fields(fields(spec).template), 'spec.template')),
    ...(number(fields(spec).revisionHistoryLimit) < 0
      ? ['spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended']
      : []),
  ],
  status: {
    validateUpdate: ({ status }, { status: old }) => [
      ...countRules(
        fields(status),
        counts,
        ['readyReplicas', 'currentReplicas', 'updatedReplicas', 'availableReplicas'],
        'status.readyReplicas',
      ),
      ...collisionRules(fields(status), fields(old)),
    ],
  },
  subresources: { scale: scale() },
  cells: ({ metadata, spec, status }, now) => [
    metadata.name,
    `${number(fields(status).readyReplicas)}/${number(fields(spec).replicas)}`,
    since(metadata.creationTimestamp, now),
    ...containerCells(fields(fields(fields(spec).template).spec).containers),
  ],
});

function setStatefulSetDefaults(statefulSet: KubeObject): void {
  const spec = within(statefulSet, 'spec');
  setEmpty(spec, 'podManagementPolicy', 'OrderedReady');
  setTemplateDefaults(within(spec, 'template'));
  const strategy = within(spec, 'updateStrategy');
  if (text(strategy.type) === '') {
    strategy.type = 'RollingUpdate';
    within(strategy, 'rollingUpdate');
  }
  if (strategy.type === 'RollingUpdate' && isFields(strategy.rollingUpdate)) {
    setMissing(strategy.rollingUpdate, 'partition', 0);
    // MaxUnavailableStatefulSet is switched off.
    delete strategy.rollingUpdate.maxUnavailable;
  }
  const retention = within(spec, 'persistentVolumeClaimRetentionPolicy');
  setEmpty(retention, 'whenDeleted', 'Retain');
  setEmpty(retention, 'whenScaled', 'Retain');
  setMissing(spec, 'replicas', 1);
  setMissing(spec, 'revisionHistoryLimit', 10);
  for (const claim of items(spec.volumeClaimTemplates)) {
    claim.apiVersion = 'v1';
    claim.kind = 'PersistentVolumeClaim';
    setMissing(within(claim, 'spec'), 'volumeMode', 'Filesystem');
    setEmpty(within(claim, 'status'), 'phase', 'Pending');
  }
}

function statefulSetRules(spec: Fields): FieldError[] {
  const template = fields(spec.template);
  const policy = text(spec.podManagementPolicy);
  const { whenDeleted, whenScaled } = fields(spec.persistentVolumeClaimRetentionPolicy);
  const retention = (value: unknown, path: string): FieldError[] =>
    ['Retain', 'Delete'].includes(text(value)) ? [] : [notSupported(path, value, ['Retain', 'Delete'])];
  return [
    ...(['OrderedReady', 'Parallel'].includes(policy)
      ? []
      : [invalidValue('spec.podManagementPolicy', policy, "must be 'OrderedReady' or 'Parallel'")]),
    ...strategyRules(fields(spec.updateStrategy), 'spec.updateStrategy'),
    ...retention(whenDeleted, 'spec.persistentVolumeClaimRetentionPolicy.whenDeleted'),
    ...retention(whenScaled, 'spec.persistentVolumeClaimRetentionPolicy.whenScaled'),
    ...notNegative(spec.replicas, 'spec.replicas'),
    ...notNegative(spec.minReadySeconds, 'spec.minReadySeconds'),
    ...notNegative(fields(spec.ordinals).start, 'spec.ordinals.start'),
    ...selectorRules(spec.selector, 'spec.selector', 'statefulset'),
    ...(isUsableSelector(spec.selector) ? setTemplateRules(spec, template) : [invalidValue('spec.selector', spec.selector, '')]),
    ...alwaysRestarted(template, 'spec.template', 'StatefulSet'),
  ];
}

/** Its claims are volumes of its pods; their host names are the set's own business. */
function setTemplateRules(spec: Fields, template: Fields): FieldError[] {
  const claims = list(spec.volumeClaimTemplates).map(({ metadata }) => text(fields(metadata).name));
  const whole = draft(template);
  const pod = within(whole, 'spec');
  delete pod.subdomain;
  delete pod.hostname;
  const own = list(pod.volumes).filter(({ name }) => !claims.includes(text(name)));
  if (claims.length > 0) pod.volumes = [...claims.map((name) => ({ name, persistentVolumeClaim: { claimName: name } })), ...own];
  const { labels, annotations } = fields(template.metadata);
  return [
    ...selectedRules(spec.selector, template, 'spec.template'),
    ...templateRules(whole, 'spec.template'),
    ...labelMap(labels, 'spec.template.labels'),
    ...Object.keys(stringMap(annotations)).flatMap((key) => named(isQualifiedName, key.toLowerCase(), 'spec.template.annotations')),
  ];
}

function strategyRules({ type, rollingUpdate }: Fields, path: string): FieldError[] {
  const { partition, maxUnavailable } = fields(rollingUpdate);
  const shown = isFields(rollingUpdate) ? { Partition: number(partition), MaxUnavailable: maxUnavailable ?? null } : null;
  switch (type) {
    case 'OnDelete':
      return isFields(rollingUpdate)
        ? [invalidValue(`${path}.rollingUpdate`, shown, "only allowed for updateStrategy 'RollingUpdate'")]
        : [];
    case 'RollingUpdate':
      return [
        ...notNegative(partition, `${path}.rollingUpdate.partition`),
        ...(isSet(maxUnavailable)
          ? [
              ...intOrPercent(maxUnavailable, `${path}.rollingUpdate.maxUnavailable`),
              ...atMost100Percent(maxUnavailable, `${path}.rollingUpdate.maxUnavailable`),
            ]
          : []),
      ];
    case '':
    case undefined:
      return [required(path)];
    default:
      return [invalidValue(path, { Type: text(type), RollingUpdate: shown }, "must be 'RollingUpdate' or 'OnDelete'")];
  }
}

const claimRules = (spec: Fields): FieldError[] =>
  list(spec.volumeClaimTemplates).flatMap((claim, index) => claimSpecRules(fields(claim.spec), `spec.volumeClaimTemplates[${index}].spec`));

const serviceNameRules = (spec: Fields): FieldError[] =>
  text(spec.serviceName) === '' ? [] : named(isLabel, text(spec.serviceName), 'spec.serviceName');

function onlyChangeable({ spec }: KubeObject, { spec: old }: KubeObject): FieldError[] {
  const fixed = (from: unknown): Fields => Object.fromEntries(Object.entries(fields(from)).filter(([key]) => !changeable.includes(key)));
  if (equal(fixed(spec), fixed(old))) return [];
  const words = changeable.map((key) => `'${key}'`);
  const listed = `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
  return [forbiddenField('spec', `updates to statefulset spec for fields other than ${listed} are forbidden`)];
}
