import type { KubeObject } from '@fairlead/kube/protocol';
import { compareQuantities } from '@fairlead/kube/protocol';
import type { Api } from '../../api/api.js';
import { canonicalQuantity } from '../../kinds/parts/quantity-form.js';
import { type Fields, fields, items, stringMap, text } from '../../kinds/parts/values.js';
import { groupResource, type Stored } from '../../machinery/object.js';
import type { AdmissionPlugin, AdmissionRequest } from '../admission.js';
import { admissionForbidden } from '../forbidden.js';
import { addQuantities } from './quantities.js';
import { growth, inScopes, type Usage, usageOf } from './usage.js';

const computed = /^(?:requests\.|limits\.)?(?:cpu|memory|ephemeral-storage)$/;
/** Their usage changes when they do; everything else only counts when it comes. */
const changing = new Set(['services', 'persistentvolumeclaims']);

/** Nobody gets more than the quotas of a namespace allow; what is used is counted at once. */
export const resourceQuota: AdmissionPlugin = {
  name: 'ResourceQuota',
  validate(request, api) {
    const { operation, definition, subresource, namespace, object, oldObject } = request;
    if (namespace === '' || subresource !== '' || !object) return;
    const resource = groupResource(definition.group, definition.resource);
    const counts = operation === 'CREATE' || (operation === 'UPDATE' && changing.has(resource));
    if (!counts) return;
    const quotas = api.list('resourcequotas', namespace).filter(({ spec }) => inScopes(fields(spec), resource, object));
    const usage = usageOf(request, object);
    const asked = operation === 'UPDATE' && oldObject ? growth(usage, usageOf(request, oldObject)) : usage;
    const charges = quotas.flatMap((quota) => charge(quota, request, asked, resource) ?? []);
    if (request.dryRun) return;
    for (const { quota, used } of charges) count(api, quota, used);
  },
};

function charge(quota: Stored, request: AdmissionRequest, asked: Usage, resource: string): { quota: Stored; used: Usage } | undefined {
  const hard = stringMap(fields(quota.status).hard);
  const used = stringMap(fields(quota.status).used);
  const limits = Object.keys(hard).length > 0 ? hard : stringMap(fields(quota.spec).hard);
  if (request.operation === 'CREATE' && resource === 'pods') mustSpecify(quota, limits, request);
  const names = Object.keys(limits)
    .filter((name) => asked[name] !== undefined && compareQuantities(asked[name] ?? '0', '0') > 0)
    .sort();
  if (names.length === 0) return undefined;
  // A quota whose usage nobody has counted yet can be charged nothing.
  const unknown = names.filter((name) => used[name] === undefined);
  if (unknown.length > 0)
    throw admissionForbidden(request, `status unknown for quota: ${quota.metadata.name}, resources: ${unknown.join(',')}`);
  const next = { ...used };
  const exceeded: string[] = [];
  for (const name of names) {
    next[name] = addQuantities(used[name] ?? '0', asked[name] ?? '0');
    if (compareQuantities(next[name] ?? '0', limits[name] ?? '0') > 0) exceeded.push(name);
  }
  if (exceeded.length > 0) throw admissionForbidden(request, exceededMessage(quota, exceeded, asked, used, limits));
  return { quota, used: next };
}

function exceededMessage({ metadata }: Stored, names: readonly string[], asked: Usage, used: Usage, hard: Usage): string {
  const shown = (of: Usage): string => names.map((name) => `${name}=${canonicalQuantity(of[name] ?? '0')}`).join(',');
  return `exceeded quota: ${metadata.name}, requested: ${shown(asked)}, used: ${shown(used)}, limited: ${shown(hard)}`;
}

/** A quota of CPU or memory asks every container to say what it wants. */
function mustSpecify({ metadata }: Stored, limits: Usage, request: AdmissionRequest): void {
  const spec = fields(request.object?.spec);
  const missing = Object.keys(limits)
    .filter((name) => computed.test(name))
    .sort()
    .flatMap((name) => {
      const [kind, resource] = name.startsWith('limits.') ? ['limits', name.slice(7)] : ['requests', name.replace(/^requests\./, '')];
      const without = [...items(spec.initContainers), ...items(spec.containers)].filter(
        ({ resources }) => stringMap(fields(resources)[kind as string])[resource as string] === undefined,
      );
      const names = without.map((each: Fields) => text(each.name)).sort();
      return names.length > 0 ? [`${name} for: ${names.join(',')}`] : [];
    });
  if (missing.length > 0) throw admissionForbidden(request, `failed quota: ${metadata.name}: must specify ${missing.join('; ')}`);
}

function count(api: Api, quota: Stored, used: Usage): void {
  const put = (next: KubeObject): void => {
    next.status = { ...fields(next.status), used };
  };
  api.change('resourcequotas', quota.metadata.namespace ?? '', quota.metadata.name, put, {
    subresource: 'status',
    fieldManager: 'kube-apiserver',
  });
}
