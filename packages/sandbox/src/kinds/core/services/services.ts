import type { KubeObject } from '@fairlead/kube/protocol';
import type { ResourceDefinition } from '../../../registry/definition.js';
import { define } from '../../parts/define.js';
import { firstProblem, isLabel1035 } from '../../parts/names.js';
import { type Fields, fields, text } from '../../parts/values.js';
import { allocate } from './allocation.js';
import { clusterIpUpdateRules } from './cluster-ip-rules.js';
import { setFamilies } from './families.js';
import { serviceCells } from './service-cells.js';
import { alignClusterIps, setServiceDefaults } from './service-defaults.js';
import { balancerStatusRules, otherUpdateRules, serviceWarnings } from './service-rest.js';
import { serviceRules } from './service-rules.js';
import { dropForOtherType, keepAllocated } from './service-update.js';

export const services: ResourceDefinition = define({
  resource: 'services',
  kind: 'Service',
  shortNames: ['svc'],
  categories: ['all'],
  hasGeneration: false,
  nameProblem: firstProblem(isLabel1035),
  setDefaults: setServiceDefaults,
  prepareForCreate(service, context) {
    service.status = { loadBalancer: {} };
    const spec = service.spec as Fields;
    alignClusterIps(spec);
    setFamilies(service);
    allocate(service, undefined, context, text(service.metadata.uid));
  },
  prepareForUpdate(service, old, context) {
    const [spec, before] = [service.spec as Fields, fields(old.spec)];
    dropForOtherType(service, before);
    keepAllocated(spec, before);
    alignClusterIps(spec, before);
    setFamilies(service, before);
    allocate(service, old, context, `${text(service.metadata.uid)}${context.now}`);
  },
  validate: serviceRules,
  validateUpdate: ({ spec: now }, { spec: before }) => {
    const [spec, old] = [fields(now), fields(before)];
    return [...clusterIpUpdateRules(spec, old), ...otherUpdateRules(spec, old)];
  },
  warnings: serviceWarnings,
  status: { validateUpdate: balancerStatusRules },
  subresources: { proxy: { type: 'connect', verbs: ['get', 'create', 'update', 'patch', 'delete'], kind: 'ServiceProxyOptions' } },
  selectableFields: {
    'spec.clusterIP': ({ spec }: KubeObject) => text(fields(spec).clusterIP),
    'spec.type': ({ spec }: KubeObject) => text(fields(spec).type),
  },
  cells: serviceCells,
});
