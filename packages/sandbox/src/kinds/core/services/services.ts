import type { KubeObject } from '@fairlead/kube';
import type { ResourceDefinition } from '../../../registry/definition.js';
import { define } from '../../parts/define.js';
import { keepAllBut } from '../../parts/status-part.js';
import { type Fields, fields, setEmpty, setMissing, strings, text } from '../../parts/values.js';
import { allocate } from './allocation.js';
import { serviceCells } from './service-cells.js';
import { alignClusterIps, setServiceDefaults } from './service-defaults.js';
import { isHeadless, needsClusterIp } from './service-facts.js';
import { dropForOtherType, keepAllocated } from './service-update.js';

export const services: ResourceDefinition = define({
  resource: 'services',
  kind: 'Service',
  shortNames: ['svc'],
  categories: ['all'],
  hasGeneration: false,
  setDefaults: setServiceDefaults,
  prepareForCreate(service, context) {
    service.status = { loadBalancer: {} };
    const spec = service.spec as Fields;
    alignClusterIps(spec);
    setFamilies(spec);
    allocate(service, undefined, context, text(service.metadata.uid));
  },
  prepareForUpdate(service, old, context) {
    const [spec, before] = [service.spec as Fields, fields(old.spec)];
    dropForOtherType(service, before);
    keepAllocated(spec, before);
    alignClusterIps(spec, before);
    setFamilies(spec, before);
    allocate(service, old, context, `${text(service.metadata.uid)}${context.now}`);
  },
  status: { prepareForUpdate: (service, old) => keepAllBut(service, old, ['status']) },
  subresources: { proxy: { type: 'connect', verbs: ['get', 'create', 'update', 'patch', 'delete'], kind: 'ServiceProxyOptions' } },
  selectableFields: {
    'spec.clusterIP': ({ spec }: KubeObject) => text(fields(spec).clusterIP),
    'spec.type': ({ spec }: KubeObject) => text(fields(spec).type),
  },
  cells: serviceCells,
});

/** One family, IPv4, is what this cluster has; a headless service without a selector speaks both, since nothing is asked of the cluster. */
function setFamilies(spec: Fields, before?: Fields): void {
  if (!needsClusterIp(spec)) return;
  const selectsNothing = isHeadless(spec) && Object.keys(fields(spec.selector)).length === 0;
  setMissing(spec, 'ipFamilyPolicy', before?.ipFamilyPolicy ?? (selectsNothing ? 'RequireDualStack' : 'SingleStack'));
  if (strings(spec.ipFamilies).length === 0) delete spec.ipFamilies;
  setEmpty(spec, 'ipFamilies', ['IPv4']);
  const families = strings(spec.ipFamilies);
  if (selectsNothing && families.length === 1 && spec.ipFamilyPolicy !== 'SingleStack')
    spec.ipFamilies = [...families, families[0] === 'IPv4' ? 'IPv6' : 'IPv4'];
}
