import { type FieldError, forbiddenField, invalidValue, notSupported, required } from '../../machinery/field-error.js';
import type { ResourceDefinition } from '../../registry/definition.js';
import { define } from '../parts/define.js';
import { since } from '../parts/human-duration.js';
import { cidr, cidrHolds, isCidr } from '../parts/ip.js';
import { cidrWarnings } from '../parts/ip-warnings.js';
import { firstProblem, isPortName, isSubdomain } from '../parts/names.js';
import { labelSelector, named, portNumber } from '../parts/rules.js';
import { selectorText } from '../parts/selector-text.js';
import { type Fields, fields, isFields, isSet, items, list, number, setMissing, strings, text, within } from '../parts/values.js';

const directions = ['Ingress', 'Egress'];

export const networkPolicies: ResourceDefinition = define({
  group: 'networking.k8s.io',
  resource: 'networkpolicies',
  kind: 'NetworkPolicy',
  shortNames: ['netpol'],
  nameProblem: firstProblem(isSubdomain),
  setDefaults(policy) {
    const spec = within(policy, 'spec');
    for (const { ports } of [...items(spec.ingress), ...items(spec.egress)])
      for (const port of items(ports)) setMissing(port, 'protocol', 'TCP');
    if (strings(spec.policyTypes).length > 0) return;
    spec.policyTypes = list(spec.egress).length > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
  },
  validate: ({ spec }) => policyRules(fields(spec)),
  warnings: ({ spec }) => [...blockWarnings(fields(spec), 'ingress', 'from'), ...blockWarnings(fields(spec), 'egress', 'to')],
  cells: ({ metadata, spec }, now) => [metadata.name, selectorText(fields(spec).podSelector), since(metadata.creationTimestamp, now)],
});

const blockWarnings = (spec: Fields, kind: string, side: string): string[] =>
  list(spec[kind]).flatMap((rule, index) =>
    list(rule[side]).flatMap(({ ipBlock }, position) => {
      const [block, at] = [fields(ipBlock), `spec.${kind}[${index}].${side}[${position}].ipBlock`];
      return [
        ...cidrWarnings(text(block.cidr), `${at}.cidr`),
        ...strings(block.except).flatMap((part, place) => cidrWarnings(part, `${at}.except[${place}]`)),
      ];
    }),
  );

function policyRules(spec: Fields): FieldError[] {
  const errors = labelSelector(spec.podSelector, 'spec.podSelector');
  const look = (rules: unknown, path: string, side: 'from' | 'to'): void => {
    list(rules).forEach((rule, index) => {
      const at = `${path}[${index}]`;
      errors.push(
        ...list(rule.ports).flatMap((port, position) => portRules(port, `${at}.ports[${position}]`)),
        ...list(rule[side]).flatMap((peer, position) => peerRules(peer, `${at}.${side}[${position}]`)),
      );
    });
  };
  look(spec.ingress, 'spec.ingress', 'from');
  look(spec.egress, 'spec.egress', 'to');
  const types = strings(spec.policyTypes);
  if (types.length > directions.length)
    return [...errors, invalidValue('spec.policyTypes', types, 'may not specify more than two policyTypes')];
  types.forEach((type, index) => {
    if (!directions.includes(type)) errors.push(notSupported(`spec.policyTypes[${index}]`, type, directions));
  });
  return errors;
}

function portRules({ protocol, port, endPort }: Fields, path: string): FieldError[] {
  const protocols = ['TCP', 'UDP', 'SCTP'];
  const errors = isSet(protocol) && !protocols.includes(text(protocol)) ? [notSupported(`${path}.protocol`, protocol, protocols)] : [];
  if (typeof port === 'number') {
    errors.push(...portNumber(port, `${path}.port`));
    if (isSet(endPort)) {
      if (number(endPort) < port) errors.push(invalidValue(`${path}.endPort`, port, 'must be greater than or equal to `port`'));
      errors.push(...portNumber(number(endPort), `${path}.endPort`));
    }
  } else if (typeof port === 'string') {
    if (isSet(endPort)) errors.push(invalidValue(`${path}.endPort`, endPort, 'may not be specified when `port` is non-numeric'));
    errors.push(...named(isPortName, port, `${path}.port`));
  } else if (isSet(endPort)) errors.push(invalidValue(`${path}.endPort`, endPort, 'may not be specified when `port` is not specified'));
  return errors;
}

function peerRules({ podSelector, namespaceSelector, ipBlock }: Fields, path: string): FieldError[] {
  const errors = [
    ...labelSelector(podSelector, `${path}.podSelector`),
    ...labelSelector(namespaceSelector, `${path}.namespaceSelector`),
    ...(isFields(ipBlock) ? blockRules(ipBlock, `${path}.ipBlock`) : []),
  ];
  const said = [podSelector, namespaceSelector, ipBlock].filter(isFields).length;
  if (said === 0) errors.push(required(path, 'must specify a peer'));
  else if (said > 1 && isFields(ipBlock)) errors.push(forbiddenField(path, 'may not specify both ipBlock and another peer'));
  return errors;
}

function blockRules(block: Fields, path: string): FieldError[] {
  const whole = text(block.cidr);
  if (whole === '') return [required(`${path}.cidr`)];
  if (!isCidr(whole)) return cidr(whole, `${path}.cidr`);
  return strings(block.except).flatMap((part, index) => {
    const at = `${path}.except[${index}]`;
    if (!isCidr(part)) return cidr(part, at);
    return cidrHolds(whole, part) ? [] : [invalidValue(at, part, 'must be a strict subset of `cidr`')];
  });
}
