import type { KubeObject } from '@fairlead/kube/protocol';
import { type FieldError, invalidValue, notSupported, required } from '../../machinery/field-error.js';
import type { ResourceDefinition } from '../../registry/definition.js';
import { balancerAddresses } from '../core/services/service-cells.js';
import { define } from '../parts/define.js';
import { since } from '../parts/human-duration.js';
import { address, isAddress } from '../parts/ip.js';
import { firstProblem, isLabel1035, isPortName, isSubdomain, isWildcardSubdomain } from '../parts/names.js';
import { named, portNumber } from '../parts/rules.js';
import { type Fields, fields, isFields, isSet, list, number, strings, text } from '../parts/values.js';
import { typedReference } from './typed-reference.js';

const classAnnotation = 'kubernetes.io/ingress.class';
const shownHosts = 3;

export const ingresses: ResourceDefinition = define({
  group: 'networking.k8s.io',
  resource: 'ingresses',
  kind: 'Ingress',
  shortNames: ['ing'],
  nameProblem: firstProblem(isSubdomain),
  validate: ({ spec }) => ingressRules(fields(spec)),
  validateCreate: ({ metadata, spec }) => {
    const [old, name] = [metadata.annotations?.[classAnnotation], fields(spec).ingressClassName];
    if (old === undefined || !isSet(name) || old === name) return [];
    return [invalidValue(`annotations.${classAnnotation}`, old, 'must match `ingressClassName` when both are specified')];
  },
  warnings: ({ metadata, spec }, old) =>
    !old && metadata.annotations?.[classAnnotation] !== undefined && !isSet(fields(spec).ingressClassName)
      ? [`annotation "${classAnnotation}" is deprecated, please use 'spec.ingressClassName' instead`]
      : [],
  status: { validateUpdate: statusRules },
  cells: ({ metadata, spec, status }, now) => [
    metadata.name,
    isSet(fields(spec).ingressClassName) ? text(fields(spec).ingressClassName) : '<none>',
    hostsText(list(fields(spec).rules)),
    balancerAddresses(status).join(','),
    list(fields(spec).tls).length > 0 ? '80, 443' : '80',
    since(metadata.creationTimestamp, now),
  ],
});

function hostsText(rules: readonly Fields[]): string {
  const hosts: string[] = [];
  let more = false;
  for (const { host } of rules) {
    if (hosts.length === shownHosts) more = true;
    if (!more && text(host) !== '') hosts.push(text(host));
  }
  if (hosts.length === 0) return '*';
  return more ? `${hosts.join(',')} + ${rules.length - shownHosts} more...` : hosts.join(',');
}

function ingressRules(spec: Fields): FieldError[] {
  const rules = list(spec.rules);
  const errors: FieldError[] = [];
  if (rules.length === 0 && !isFields(spec.defaultBackend))
    errors.push(invalidValue('spec', spec.rules ?? null, 'either `defaultBackend` or `rules` must be specified'));
  if (isFields(spec.defaultBackend)) errors.push(...backendRules(spec.defaultBackend, 'spec.defaultBackend'));
  errors.push(...rules.flatMap((rule, index) => ruleRules(rule, `spec.rules[${index}]`)));
  list(spec.tls).forEach(({ hosts, secretName }, index) => {
    const at = `spec.tls[${index}]`;
    errors.push(...strings(hosts).flatMap((host, position) => hostRules(host, `${at}.hosts[${position}]`)));
    if (text(secretName) !== '') errors.push(...named(isSubdomain, text(secretName), `${at}.secretName`));
  });
  if (isSet(spec.ingressClassName)) errors.push(...named(isSubdomain, text(spec.ingressClassName), 'spec.ingressClassName'));
  return errors;
}

const hostRules = (host: string, path: string): FieldError[] => named(host.includes('*') ? isWildcardSubdomain : isSubdomain, host, path);

function ruleRules(rule: Fields, path: string): FieldError[] {
  const host = text(rule.host);
  const errors: FieldError[] = [];
  if (host !== '') {
    if (isAddress(host)) errors.push(invalidValue(`${path}.host`, host, 'must be a DNS name, not an IP address'));
    errors.push(...hostRules(host, `${path}.host`));
  }
  if (!isFields(rule.http)) return errors;
  const paths = list(rule.http.paths);
  if (paths.length === 0) errors.push(required(`${path}.http.paths`));
  return [...errors, ...paths.flatMap((each, index) => pathRules(each, `${path}.http.paths[${index}]`))];
}

function pathRules(each: Fields, path: string): FieldError[] {
  const [type, value, at] = [each.pathType, text(each.path), `${path}.path`];
  if (!isSet(type)) return [required(`${path}.pathType`, 'pathType must be specified')];
  const errors: FieldError[] = [];
  const absolute = (): void => {
    if (!value.startsWith('/')) errors.push(invalidValue(at, value, 'must be an absolute path'));
  };
  if (type === 'Exact' || type === 'Prefix') {
    absolute();
    for (const part of ['//', '/./', '/../', '%2f', '%2F'])
      if (value.includes(part)) errors.push(invalidValue(at, value, `must not contain '${part}'`));
    for (const end of ['/..', '/.']) if (value.endsWith(end)) errors.push(invalidValue(at, value, `cannot end with '${end}'`));
  } else if (type === 'ImplementationSpecific') {
    if (value !== '') absolute();
  } else errors.push(notSupported(`${path}.pathType`, type, ['Exact', 'ImplementationSpecific', 'Prefix']));
  return [...errors, ...backendRules(fields(each.backend), `${path}.backend`)];
}

function backendRules({ resource, service }: Fields, path: string): FieldError[] {
  if (isFields(resource) && isFields(service)) return [invalidValue(path, '', 'cannot set both resource and service backends')];
  if (isFields(resource)) return typedReference(resource, `${path}.resource`);
  if (!isFields(service)) return [invalidValue(path, '', 'resource or service backend is required')];
  const name = text(service.name);
  const errors = name === '' ? [required(`${path}.service.name`)] : named(isLabel1035, name, `${path}.service.name`);
  const [portName, port] = [text(fields(service.port).name), number(fields(service.port).number)];
  if (portName !== '' && port !== 0) errors.push(invalidValue(path, '', 'cannot set both port name & port number'));
  else if (portName !== '') errors.push(...named(isPortName, portName, `${path}.service.port.name`));
  else if (port !== 0) errors.push(...portNumber(port, `${path}.service.port.number`));
  else errors.push(required(path, 'port name or number is required'));
  return errors;
}

function statusRules({ status }: KubeObject): FieldError[] {
  return list(fields(fields(status).loadBalancer).ingress).flatMap(({ ip, hostname }, index) => {
    const at = `status.loadBalancer.ingress[${index}]`;
    const errors = text(ip) === '' ? [] : address(text(ip), `${at}.ip`);
    if (text(hostname) === '') return errors;
    errors.push(...named(isSubdomain, text(hostname), `${at}.hostname`));
    if (isAddress(text(hostname))) errors.push(invalidValue(`${at}.hostname`, hostname, 'must be a DNS name, not an IP address'));
    return errors;
  });
}
