import { compareQuantities, parseQuantity } from '@fairlead/kube/protocol';
import { type Fields, fields, isFields, items, list, stringMap, text } from '../kinds/parts/values.js';
import type { AdmissionPlugin } from './admission.js';
import { admissionForbidden } from './forbidden.js';
import { isPod, isResource, specOf } from './pod-request.js';
import { podResources } from './quota/pod-resources.js';

type Quantities = Readonly<Record<string, string>>;
const annotation = 'kubernetes.io/limit-ranger';

/** The defaults and the bounds of LimitRanges, for pods and claims. */
export const limitRanger: AdmissionPlugin = {
  name: 'LimitRanger',
  mutate(request, api) {
    if (request.operation !== 'CREATE' || !isPod(request) || !request.object) return;
    const { metadata } = request.object;
    for (const range of api.list('limitranges', request.namespace)) {
      const said = setDefaults(specOf(request), list(fields(range.spec).limits));
      if (said.length > 0) metadata.annotations = { ...metadata.annotations, [annotation]: `LimitRanger plugin set: ${said.join('; ')}` };
    }
  },
  validate(request, api) {
    const claim = isResource(request, '', 'persistentvolumeclaims') && (request.operation === 'CREATE' || request.operation === 'UPDATE');
    if (!claim && !(request.operation === 'CREATE' && isPod(request))) return;
    for (const range of api.list('limitranges', request.namespace)) {
      const limits = list(fields(range.spec).limits);
      const problems = claim ? claimProblems(specOf(request), limits) : podProblems(specOf(request), limits);
      // utilerrors.Aggregate says each once.
      const once = [...new Set(problems)];
      if (once.length > 0) throw admissionForbidden(request, once.length === 1 ? (once[0] ?? '') : `[${once.join(', ')}]`);
    }
  },
};

/** Answers what it set, for the annotation. */
function setDefaults(spec: Fields, limits: readonly Fields[]): string[] {
  const ofContainers = limits.filter(({ type }) => type === 'Container');
  const requests = Object.assign({}, ...ofContainers.map((each) => stringMap(each.defaultRequest))) as Quantities;
  const maxima = Object.assign({}, ...ofContainers.map((each) => stringMap(each.default))) as Quantities;
  const said: string[] = [];
  for (const [kind, containers] of [
    ['container', items(spec.containers)],
    ['init container', items(spec.initContainers)],
  ] as const) {
    for (const container of containers) {
      const resources = isFields(container.resources) ? container.resources : {};
      container.resources = resources;
      for (const [field, defaults, word] of [
        ['requests', requests, 'request'],
        ['limits', maxima, 'limit'],
      ] as const) {
        const given = stringMap(resources[field]);
        const missing = Object.keys(defaults).filter((name) => given[name] === undefined);
        if (missing.length === 0) continue;
        resources[field] = { ...given, ...Object.fromEntries(missing.map((name) => [name, defaults[name]])) };
        said.push(`${missing.sort().join(', ')} ${word} for ${kind} ${text(container.name)}`);
      }
    }
  }
  return said;
}

function podProblems(spec: Fields, limits: readonly Fields[]): string[] {
  return limits.flatMap((limit) => {
    const type = text(limit.type);
    if (type === 'Container') {
      return [...items(spec.containers), ...items(spec.initContainers)].flatMap(({ resources }) =>
        bounds(type, limit, stringMap(fields(resources).requests), stringMap(fields(resources).limits)),
      );
    }
    return type === 'Pod' ? bounds(type, limit, podResources(spec, 'requests'), podResources(spec, 'limits')) : [];
  });
}

function bounds(type: string, limit: Fields, requests: Quantities, limits: Quantities): string[] {
  return [
    ...Object.entries(stringMap(limit.min)).flatMap(([name, bound]) => belowMinimum(type, name, bound, requests, limits) ?? []),
    ...Object.entries(stringMap(limit.max)).flatMap(([name, bound]) => aboveMaximum(type, name, bound, requests, limits) ?? []),
    ...Object.entries(stringMap(limit.maxLimitRequestRatio)).flatMap(
      ([name, bound]) => ratioProblem(type, name, bound, requests, limits) ?? [],
    ),
  ];
}

function belowMinimum(type: string, name: string, bound: string, requests: Quantities, limits: Quantities): string | undefined {
  const [request, limit] = [requests[name], limits[name]];
  const head = `minimum ${name} usage per ${type} is ${bound}`;
  if (request === undefined) return `${head}.  No request is specified`;
  if (compareQuantities(request, bound) < 0) return `${head}, but request is ${request}`;
  return limit !== undefined && compareQuantities(limit, bound) < 0 ? `${head}, but limit is ${limit}` : undefined;
}

function aboveMaximum(type: string, name: string, bound: string, requests: Quantities, limits: Quantities): string | undefined {
  const [request, limit] = [requests[name], limits[name]];
  const head = `maximum ${name} usage per ${type} is ${bound}`;
  if (limit === undefined) return `${head}.  No limit is specified`;
  if (compareQuantities(limit, bound) > 0) return `${head}, but limit is ${limit}`;
  return request !== undefined && compareQuantities(request, bound) > 0 ? `${head}, but request is ${request}` : undefined;
}

function ratioProblem(type: string, name: string, bound: string, requests: Quantities, limits: Quantities): string | undefined {
  const [request, limit] = [parseQuantity(requests[name] ?? '0'), parseQuantity(limits[name] ?? '0')];
  const head = `${name} max limit to request ratio per ${type} is ${bound}`;
  if (request === 0n) return `${head}, but no request is specified or request is 0`;
  if (limit === 0n) return `${head}, but no limit is specified or limit is 0`;
  const ratio = Number(limit) / Number(request);
  return ratio * 1e9 > Number(parseQuantity(bound)) ? `${head}, but provided ratio is ${ratio.toFixed(6)}` : undefined;
}

function claimProblems(spec: Fields, limits: readonly Fields[]): string[] {
  const requests = stringMap(fields(spec.resources).requests);
  return limits
    .filter(({ type }) => type === 'PersistentVolumeClaim')
    .flatMap(({ type, min, max }) => [
      ...Object.entries(stringMap(min)).flatMap(([name, bound]) => belowMinimum(text(type), name, bound, requests, {}) ?? []),
      ...Object.entries(stringMap(max)).flatMap(([name, bound]) => {
        const head = `maximum ${name} usage per ${text(type)} is ${bound}`;
        const request = requests[name];
        if (request === undefined) return [`${head}.  No request is specified`];
        return compareQuantities(request, bound) > 0 ? [`${head}, but request is ${request}`] : [];
      }),
    ]);
}
