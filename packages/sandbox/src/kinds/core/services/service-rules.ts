import type { KubeObject } from '@fairlead/kube/protocol';
import { duplicate, type FieldError, forbiddenField, invalidValue, notSupported, required } from '../../../machinery/field-error.js';
import { address, cidr, endpointAddress, isAddress } from '../../parts/ip.js';
import { isLabel, isQualifiedName, isSubdomain } from '../../parts/names.js';
import { labelMap, mustBeOneOf, named, oneOf, portNumber, portNumberOrName } from '../../parts/rules.js';
import { type Fields, fields, isFields, isSet, list, number, strings, text } from '../../parts/values.js';
import { clusterIpRules } from './cluster-ip-rules.js';
import { isExternallyAccessible, needsHealthCheckPort } from './service-facts.js';

const types = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
const maxAffinitySeconds = 86_400;

/** validateService, in its order. */
export function serviceRules({ spec: given, metadata }: KubeObject): FieldError[] {
  const spec = fields(given);
  const headless = strings(spec.clusterIPs).length === 1 && strings(spec.clusterIPs)[0] === 'None';
  const type = text(spec.type);
  const errors: FieldError[] = [];
  if (list(spec.ports).length === 0 && !headless && type !== 'ExternalName') errors.push(required('spec.ports'));
  if (headless && (type === 'LoadBalancer' || type === 'NodePort'))
    errors.push(invalidValue('spec.clusterIPs[0]', 'None', `may not be set to 'None' for ${type} services`));
  if (type === 'ExternalName') errors.push(...externalNameRules(spec));
  errors.push(
    ...portRules(list(spec.ports)),
    ...labelMap(spec.selector, 'spec.selector'),
    ...affinityRules(spec),
    ...clusterIpRules(spec),
    ...strings(spec.externalIPs).flatMap((ip, index) => {
      const at = `spec.externalIPs[${index}]`;
      return isAddress(ip) ? endpointAddress(ip, at) : address(ip, at);
    }),
    ...oneOf(type, 'spec.type', types),
    ...portUseRules(list(spec.ports), type),
    ...balancerRules(spec, metadata.annotations ?? {}),
    ...trafficRules(spec),
  );
  return errors;
}

function externalNameRules(spec: Fields): FieldError[] {
  const words = 'may not be set for ExternalName services';
  const errors: FieldError[] = [];
  if (strings(spec.clusterIPs).length > 0) errors.push(forbiddenField('spec.clusterIPs', words));
  if (strings(spec.ipFamilies).length > 0) errors.push(forbiddenField('spec.ipFamilies', words));
  if (isSet(spec.ipFamilyPolicy)) errors.push(forbiddenField('spec.ipFamilyPolicy', words));
  const name = text(spec.externalName).replace(/\.$/, '');
  return [...errors, ...(name === '' ? [required('spec.externalName')] : named(isSubdomain, name, 'spec.externalName'))];
}

function portRules(ports: readonly Fields[]): FieldError[] {
  const names = new Set<string>();
  return ports.flatMap((port, index) => {
    const [at, name] = [`spec.ports[${index}]`, text(port.name)];
    const errors: FieldError[] = [];
    if (name === '' && ports.length > 1) errors.push(required(`${at}.name`));
    else if (name !== '') {
      errors.push(...named(isLabel, name, `${at}.name`));
      if (names.has(name)) errors.push(duplicate(`${at}.name`, name));
      names.add(name);
    }
    errors.push(...portNumber(number(port.port), `${at}.port`), ...oneOf(port.protocol, `${at}.protocol`, ['SCTP', 'TCP', 'UDP']));
    errors.push(...portNumberOrName(port.targetPort, `${at}.targetPort`));
    if (isSet(port.appProtocol)) errors.push(...named(isQualifiedName, text(port.appProtocol), `${at}.appProtocol`));
    return errors;
  });
}

function portUseRules(ports: readonly Fields[], type: string): FieldError[] {
  const errors: FieldError[] = [];
  const repeated = (key: string, tell: (port: Fields, at: string) => FieldError): void => {
    const seen = new Set<string>();
    ports.forEach((port, index) => {
      if (key === 'nodePort' && number(port.nodePort) === 0) return;
      const use = `${text(port.protocol)}/${number(port[key])}`;
      if (seen.has(use)) errors.push(tell(port, `spec.ports[${index}]`));
      seen.add(use);
    });
  };
  if (type === 'ClusterIP')
    ports.forEach(({ nodePort }, index) => {
      if (number(nodePort) !== 0)
        errors.push(forbiddenField(`spec.ports[${index}].nodePort`, "may not be used when `type` is 'ClusterIP'"));
    });
  repeated('nodePort', ({ nodePort }, at) => duplicate(`${at}.nodePort`, nodePort));
  repeated('port', ({ protocol, port }, at) =>
    duplicate(at, { Name: '', Protocol: protocol, AppProtocol: null, Port: port, TargetPort: 0, NodePort: 0 }),
  );
  return errors;
}

function affinityRules({ sessionAffinity, sessionAffinityConfig: config }: Fields): FieldError[] {
  const errors = oneOf(sessionAffinity, 'spec.sessionAffinity', ['ClientIP', 'None']);
  const at = 'spec.sessionAffinityConfig';
  const when = 'when session affinity type is ClientIP';
  if (sessionAffinity === 'None' && isSet(config)) errors.push(forbiddenField(at, 'must not be set when session affinity is None'));
  if (sessionAffinity !== 'ClientIP') return errors;
  const seconds = fields(fields(config).clientIP).timeoutSeconds;
  if (!isFields(config)) errors.push(required(at, when));
  else if (!isFields(config.clientIP)) errors.push(required(`${at}.clientIP`, when));
  else if (!isSet(seconds)) errors.push(required(`${at}.clientIP.timeoutSeconds`, when));
  else if (number(seconds) <= 0 || number(seconds) > maxAffinitySeconds)
    errors.push(invalidValue(`${at}.clientIP.timeoutSeconds`, seconds, `must be greater than 0 and less than ${maxAffinitySeconds}`));
  return errors;
}

function balancerRules(spec: Fields, annotations: Readonly<Record<string, string>>): FieldError[] {
  const only = "may only be used when `type` is 'LoadBalancer'";
  const isBalancer = spec.type === 'LoadBalancer';
  const errors: FieldError[] = [];
  const ranges = strings(spec.loadBalancerSourceRanges);
  const annotation = 'service.beta.kubernetes.io/load-balancer-source-ranges';
  if (ranges.length > 0) {
    if (!isBalancer) errors.push(forbiddenField('spec.LoadBalancerSourceRanges', only));
    errors.push(...ranges.flatMap((range, index) => cidr(range.trim(), `spec.LoadBalancerSourceRanges[${index}]`)));
  } else if (annotations[annotation] !== undefined) {
    const at = `metadata.annotations[${annotation}]`;
    if (!isBalancer) errors.push(forbiddenField(at, only));
    const value = annotations[annotation].trim();
    if (value !== '') errors.push(...value.split(',').flatMap((range) => cidr(range.trim(), at)));
  }
  if (isSet(spec.allocateLoadBalancerNodePorts) && !isBalancer) errors.push(forbiddenField('spec.allocateLoadBalancerNodePorts', only));
  if (isSet(spec.loadBalancerClass)) {
    if (isBalancer) errors.push(...named(isQualifiedName, text(spec.loadBalancerClass), 'spec.loadBalancerClass'));
    else errors.push(forbiddenField('spec.loadBalancerClass', only));
  }
  return errors;
}

function trafficRules(spec: Fields): FieldError[] {
  const errors: FieldError[] = [];
  const [external, health] = [text(spec.externalTrafficPolicy), number(spec.healthCheckNodePort)];
  const at = 'spec.externalTrafficPolicy';
  if (!isExternallyAccessible(spec)) {
    if (external !== '') errors.push(invalidValue(at, external, 'may only be set for externally-accessible services'));
  } else errors.push(...oneOf(external, at, ['Cluster', 'Local']));
  if (needsHealthCheckPort(spec))
    errors.push(...(health === 0 ? [required('spec.healthCheckNodePort')] : portNumber(health, 'spec.healthCheckNodePort')));
  else if (health !== 0)
    errors.push(
      invalidValue(
        'spec.healthCheckNodePort',
        health,
        "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'",
      ),
    );
  if (isSet(spec.internalTrafficPolicy))
    errors.push(...mustBeOneOf(spec.internalTrafficPolicy, 'spec.internalTrafficPolicy', ['Cluster', 'Local']));
  const distributions = ['PreferClose', 'PreferSameZone', 'PreferSameNode'];
  if (isSet(spec.trafficDistribution) && !distributions.includes(text(spec.trafficDistribution)))
    errors.push(notSupported('spec.trafficDistribution', spec.trafficDistribution, distributions));
  return errors;
}
