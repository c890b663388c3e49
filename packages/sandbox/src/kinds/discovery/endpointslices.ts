import type { KubeObject } from '@fairlead/kube/protocol';
import { duplicate, type FieldError, invalidValue, required, tooMany } from '../../machinery/field-error.js';
import { equal } from '../../machinery/object.js';
import type { ResourceDefinition } from '../../registry/definition.js';
import { define } from '../parts/define.js';
import { since } from '../parts/human-duration.js';
import { address, endpointAddress, familyOf, isAddress } from '../parts/ip.js';
import { addressWarnings, canonicalAddress, isMapped } from '../parts/ip-warnings.js';
import { firstProblem, isLabel, isLabelValue, isQualifiedName, isSubdomain } from '../parts/names.js';
import { immutable, labelMap, named, oneOf } from '../parts/rules.js';
import { type Fields, isFields, isSet, items, list, number, setMissing, strings, text } from '../parts/values.js';

const most = { endpoints: 1000, addresses: 100, ports: 20_000, topology: 16, hints: 8 } as const;
const shown = 3;

export const endpointSlices: ResourceDefinition = define({
  group: 'discovery.k8s.io',
  resource: 'endpointslices',
  kind: 'EndpointSlice',
  hasGeneration: true,
  nameProblem: firstProblem(isSubdomain),
  setDefaults({ ports }) {
    for (const port of items(ports)) {
      setMissing(port, 'name', '');
      setMissing(port, 'protocol', 'TCP');
    }
  },
  prepareForCreate: tidy,
  prepareForUpdate(slice, old) {
    tidy(slice);
    const wanted = ({ metadata, ...rest }: KubeObject): object => ({ ...rest, labels: metadata.labels ?? {} });
    slice.metadata.generation = (old.metadata.generation ?? 0) + (equal(wanted(slice), wanted(old)) ? 0 : 1);
  },
  validate: sliceRules,
  validateUpdate: ({ addressType }, { addressType: old }) => immutable(addressType === old, text(addressType), 'addressType'),
  warnings: ({ addressType, endpoints }) =>
    addressType === 'FQDN'
      ? ['spec.addressType: FQDN endpoints are deprecated']
      : list(endpoints).flatMap(({ addresses }, index) =>
          strings(addresses).flatMap((ip, position) => addressWarnings(ip, `endpoints[${index}].addresses[${position}]`)),
        ),
  cells: ({ metadata, addressType, ports, endpoints }, now) => [
    metadata.name,
    text(addressType),
    someOf(list(ports).map((each) => (isSet(each.port) ? String(number(each.port)) : isSet(each.name) ? text(each.name) : '*'))),
    someOf(list(endpoints).flatMap(({ addresses }) => strings(addresses))),
    since(metadata.creationTimestamp, now),
  ],
});

function someOf(all: readonly string[]): string {
  const some = all.slice(0, shown).join(',');
  return all.length > shown ? `${some} + ${all.length - shown} more...` : some || '<unset>';
}

/** This version has no such thing as topology; what says it nevertheless is not heard. What was stored of an empty list is none. */
function tidy(slice: KubeObject): void {
  for (const endpoint of items(slice.endpoints)) delete endpoint.deprecatedTopology;
  if (items(slice.endpoints).length === 0) slice.endpoints = null;
}

function sliceRules({ addressType, ports, endpoints }: KubeObject): FieldError[] {
  return [
    ...oneOf(addressType, 'addressType', ['FQDN', 'IPv4', 'IPv6']),
    ...portRules(list(ports)),
    ...(list(endpoints).length > most.endpoints
      ? [tooMany('endpoints', list(endpoints).length, most.endpoints)]
      : list(endpoints).flatMap((each, index) => endpointRules(each, text(addressType), `endpoints[${index}]`))),
  ];
}

function portRules(ports: readonly Fields[]): FieldError[] {
  if (ports.length > most.ports) return [tooMany('ports', ports.length, most.ports)];
  const names = new Set<string>();
  return ports.flatMap((port, index) => {
    const [at, name] = [`ports[${index}]`, text(port.name)];
    const errors = name === '' ? [] : named(isLabel, name, `${at}.name`);
    if (names.has(name)) errors.push(duplicate(`${at}.name`, name));
    names.add(name);
    errors.push(...oneOf(port.protocol, `${at}.protocol`, ['SCTP', 'TCP', 'UDP']));
    if (isSet(port.appProtocol)) errors.push(...named(isQualifiedName, text(port.appProtocol), `${at}.appProtocol`));
    return errors;
  });
}

function endpointRules(endpoint: Fields, type: string, path: string): FieldError[] {
  const addresses = strings(endpoint.addresses);
  const errors: FieldError[] = [];
  if (addresses.length === 0) errors.push(required(`${path}.addresses`, 'must contain at least 1 address'));
  else if (addresses.length > most.addresses) errors.push(tooMany(`${path}.addresses`, addresses.length, most.addresses));
  addresses.forEach((each, index) => {
    const at = `${path}.addresses[${index}]`;
    if (type === 'FQDN') errors.push(...domainRules(each, at));
    else if (!isAddress(each)) errors.push(...address(each, at));
    else {
      if (type !== familyOf(each)) errors.push(invalidValue(`${path}.addresses`, each, `must be an ${type} address`));
      else if (type === 'IPv6') errors.push(...plainAddress(each, at));
      errors.push(...endpointAddress(each, at));
    }
  });
  if (isSet(endpoint.nodeName)) errors.push(...named(isSubdomain, text(endpoint.nodeName), `${path}.nodeName`));
  errors.push(...labelMap(endpoint.deprecatedTopology, `${path}.deprecatedTopology`));
  if (isSet(endpoint.hostname)) errors.push(...named(isLabel, text(endpoint.hostname), `${path}.hostname`));
  if (isFields(endpoint.hints)) errors.push(...hintRules(endpoint.hints, `${path}.hints`));
  return errors;
}

function plainAddress(ip: string, path: string): FieldError[] {
  if (isMapped(ip)) return [invalidValue(path, ip, 'must not be an IPv4-mapped IPv6 address')];
  const plain = canonicalAddress(ip);
  return plain === ip ? [] : [invalidValue(path, ip, `must be in canonical form ("${plain}")`)];
}

function domainRules(name: string, path: string): FieldError[] {
  if (name === '') return [required(path)];
  const bare = name.replace(/\.$/, '');
  const problems = isSubdomain(bare);
  if (problems.length > 0) return [invalidValue(path, bare, problems.join(','))];
  return bare.includes('.') ? [] : [invalidValue(path, bare, 'should be a domain with at least two segments separated by dots')];
}

function hintRules(hints: Fields, path: string): FieldError[] {
  const look = (key: 'forZones' | 'forNodes', rule: typeof isLabelValue): FieldError[] => {
    const names = list(hints[key]).map(({ name }) => text(name));
    if (names.length > most.hints) return [tooMany(`${path}.${key}`, names.length, most.hints)];
    return names.flatMap((name, index) => [
      ...(names.indexOf(name) === index ? [] : [duplicate(`${path}.${key}[${index}].name`, name)]),
      ...named(rule, name, `${path}.${key}[${index}].name`),
    ]);
  };
  return [...look('forZones', isLabelValue), ...look('forNodes', isSubdomain)];
}
