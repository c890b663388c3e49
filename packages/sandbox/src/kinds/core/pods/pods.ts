import type { ResourceDefinition } from '../../../registry/definition.js';
import { define } from '../../parts/define.js';
import { fields, flag, list, text } from '../../parts/values.js';
import { setPodDefaults } from '../../pod-template/defaults.js';
import { podCells } from './pod-cells.js';
import { qosClass } from './qos-class.js';

export const pods: ResourceDefinition = define({
  resource: 'pods',
  kind: 'Pod',
  shortNames: ['po'],
  categories: ['all'],
  setDefaults: setPodDefaults,
  prepareForCreate(pod) {
    pod.metadata.generation = 1;
    pod.status = { phase: 'Pending', qosClass: qosClass(fields(pod.spec)) };
  },
  status: true,
  subresources: {
    log: { type: 'connect', verbs: ['get'], kind: 'Pod' },
    exec: { type: 'connect', verbs: ['get', 'create'], kind: 'PodExecOptions' },
    attach: { type: 'connect', verbs: ['get', 'create'], kind: 'PodAttachOptions' },
    portforward: { type: 'connect', verbs: ['get', 'create'], kind: 'PodPortForwardOptions' },
    proxy: { type: 'connect', verbs: ['get', 'create', 'update', 'patch', 'delete'], kind: 'PodProxyOptions' },
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
