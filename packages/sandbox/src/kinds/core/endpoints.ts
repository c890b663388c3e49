import { type FieldError, required } from '../../machinery/field-error.js';
import type { ResourceDefinition } from '../../registry/definition.js';
import { define } from '../parts/define.js';
import { since } from '../parts/human-duration.js';
import { address, endpointAddress } from '../parts/ip.js';
import { firstProblem, isLabel, isQualifiedName, isSubdomain } from '../parts/names.js';
import { named, oneOf, portNumber } from '../parts/rules.js';
import { type Fields, isSet, items, list, number, setEmpty, text } from '../parts/values.js';

const shownAddresses = 3;

export const endpoints: ResourceDefinition = define({
  resource: 'endpoints',
  kind: 'Endpoints',
  singular: 'endpoints',
  shortNames: ['ep'],
  hasGeneration: false,
  nameProblem: firstProblem(isSubdomain),
  setDefaults({ subsets }) {
    for (const { ports } of items(subsets)) for (const port of items(ports)) setEmpty(port, 'protocol', 'TCP');
  },
  validate: ({ subsets }) => list(subsets).flatMap((subset, index) => subsetRules(subset, `subsets[${index}]`)),
  deprecationWarning: 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
  cells: ({ metadata, subsets }, now) => [metadata.name, addressesText(list(subsets)), since(metadata.creationTimestamp, now)],
});

function subsetRules(subset: Fields, path: string): FieldError[] {
  const [ready, notReady, ports] = [list(subset.addresses), list(subset.notReadyAddresses), list(subset.ports)];
  return [
    ...(ready.length + notReady.length === 0 ? [required(path, 'must specify `addresses` or `notReadyAddresses`')] : []),
    ...ready.flatMap((each, index) => addressRules(each, `${path}.addresses[${index}]`)),
    ...notReady.flatMap((each, index) => addressRules(each, `${path}.notReadyAddresses[${index}]`)),
    ...ports.flatMap((each, index) => portRules(each, `${path}.ports[${index}]`, ports.length > 1)),
  ];
}

const addressRules = (each: Fields, path: string): FieldError[] => [
  ...address(text(each.ip), `${path}.ip`),
  ...(text(each.hostname) === '' ? [] : named(isLabel, text(each.hostname), `${path}.hostname`)),
  ...(isSet(each.nodeName) ? named(isSubdomain, text(each.nodeName), `${path}.nodeName`) : []),
  ...endpointAddress(text(each.ip), `${path}.ip`),
];

const portRules = (port: Fields, path: string, needsName: boolean): FieldError[] => [
  ...(text(port.name) !== '' ? named(isLabel, text(port.name), `${path}.name`) : needsName ? [required(`${path}.name`)] : []),
  ...portNumber(number(port.port), `${path}.port`),
  ...oneOf(port.protocol, `${path}.protocol`, ['SCTP', 'TCP', 'UDP']),
  ...(isSet(port.appProtocol) ? named(isQualifiedName, text(port.appProtocol), `${path}.appProtocol`) : []),
];

/** `10.244.0.5:80,10.244.1.7:80 + 2 more...` */
function addressesText(subsets: readonly Fields[]): string {
  if (subsets.length === 0) return '<none>';
  const all = subsets.flatMap((subset) => {
    const addresses = list(subset.addresses).map(({ ip }) => text(ip));
    const ports = list(subset.ports);
    if (ports.length === 0) return addresses;
    return ports.flatMap(({ port }) => addresses.map((ip) => `${ip.includes(':') ? `[${ip}]` : ip}:${number(port)}`));
  });
  const shown = all.slice(0, shownAddresses).join(',');
  return all.length > shownAddresses ? `${shown} + ${all.length - shownAddresses} more...` : shown;
}
