import type { ResourceDefinition } from '../../../registry/definition.js';
import { define } from '../../parts/define.js';
import { firstProblem, isSubdomain } from '../../parts/names.js';
import { fields, flag, list, text } from '../../parts/values.js';
import { setPodDefaults } from '../../pod-template/defaults.js';
import { dropDisabled } from '../../pod-template/drop-disabled.js';
import { podNameWarnings, podWarnings } from '../../pod-template/warnings.js';
import { binding } from './binding.js';
import { ephemeralContainers } from './ephemeral-containers.js';
import { eviction } from './eviction.js';
import { podCells } from './pod-cells.js';
import { podCreationRules, podRules } from './pod-rules.js';
import { podStatusRules, preparePodStatus } from './pod-status.js';
import { podUpdateRules } from './pod-update.js';
import { prepareNewPod } from './prepare-pod.js';
import { resize } from './resize.js';

export const pods: ResourceDefinition = define({
  resource: 'pods',
  kind: 'Pod',
  shortNames: ['po'],
  categories: ['all'],
  nameProblem: firstProblem(isSubdomain),
  setDefaults: setPodDefaults,
  prepareForCreate: (pod, { now }) => prepareNewPod(pod, now),
  prepareForUpdate: ({ spec }) => dropDisabled(fields(spec)),
  validate: podRules,
  validateCreate: podCreationRules,
  validateUpdate: podUpdateRules,
  warnings: (pod, old) => (old ? [] : [...podNameWarnings(pod.metadata.name), ...podWarnings(pod, '')]),
  status: { prepareForUpdate: preparePodStatus, validateUpdate: podStatusRules },
  subresources: {
    attach: { type: 'connect', verbs: ['get', 'create'], kind: 'PodAttachOptions' },
    binding,
    ephemeralcontainers: ephemeralContainers,
    eviction,
    exec: { type: 'connect', verbs: ['get', 'create'], kind: 'PodExecOptions' },
    log: { type: 'connect', verbs: ['get'], kind: 'Pod' },
    portforward: { type: 'connect', verbs: ['get', 'create'], kind: 'PodPortForwardOptions' },
    proxy: { type: 'connect', verbs: ['get', 'create', 'update', 'patch', 'delete'], kind: 'PodProxyOptions' },
    resize,
  },
  selectableFields: {
    'spec.nodeName': ({ spec }) => text(fields(spec).nodeName),
    'spec.restartPolicy': ({ spec }) => text(fields(spec).restartPolicy),
    'spec.schedulerName': ({ spec }) => text(fields(spec).schedulerName),
    'spec.serviceAccountName': ({ spec }) => text(fields(spec).serviceAccountName),
    'spec.hostNetwork': ({ spec }) => String(flag(fields(spec).hostNetwork)),
    'status.phase': ({ status }) => text(fields(status).phase),
    'status.podIP': ({ status }) => text(list(fields(status).podIPs)[0]?.ip) || text(fields(status).podIP),
    'status.nominatedNodeName': ({ status }) => text(fields(status).nominatedNodeName),
  },
  cells: podCells,
});
