import type { KubeObject } from '@fairlead/kube/protocol';
import { type FieldError, forbiddenField, invalidValue, notSupported, required } from '../../../machinery/field-error.js';
import { address, isAddress } from '../../parts/ip.js';
import { addressWarnings, cidrWarnings } from '../../parts/ip-warnings.js';
import { isSubdomain } from '../../parts/names.js';
import { named } from '../../parts/rules.js';
import { type Fields, fields, isSet, list, number, strings, text } from '../../parts/values.js';
import { needsHealthCheckPort } from './service-facts.js';

export function otherUpdateRules(spec: Fields, old: Fields): FieldError[] {
  const errors: FieldError[] = [];
  if (spec.type === 'LoadBalancer' && old.type === 'LoadBalancer' && spec.loadBalancerClass !== old.loadBalancerClass)
    errors.push(invalidValue('spec.loadBalancerClass', spec.loadBalancerClass ?? null, 'may not change once set'));
  if (needsHealthCheckPort(spec) && needsHealthCheckPort(old) && number(spec.healthCheckNodePort) !== number(old.healthCheckNodePort))
    errors.push(forbiddenField('spec.healthCheckNodePort', 'field is immutable'));
  return errors;
}

/** ValidateLoadBalancerStatus. */
export function balancerStatusRules({ spec, status }: KubeObject): FieldError[] {
  const ingress = list(fields(fields(status).loadBalancer).ingress);
  const at = 'status.loadBalancer.ingress';
  if (fields(spec).type !== 'LoadBalancer' && ingress.length > 0)
    return [forbiddenField(at, "may only be used when `spec.type` is 'LoadBalancer'")];
  return ingress.flatMap((each, index) => {
    const [ip, hostname, mode] = [text(each.ip), text(each.hostname), each.ipMode];
    const errors = ip === '' ? [] : address(ip, `${at}[${index}].ip`);
    if (!isSet(mode) && ip !== '') errors.push(required(`${at}[${index}].ipMode`, 'must be specified when `ip` is set'));
    else if (isSet(mode) && ip === '') errors.push(forbiddenField(`${at}[${index}].ipMode`, 'may not be specified when `ip` is not set'));
    else if (isSet(mode) && mode !== 'VIP' && mode !== 'Proxy') errors.push(notSupported(`${at}[${index}].ipMode`, mode, ['Proxy', 'VIP']));
    if (hostname !== '') {
      errors.push(...named(isSubdomain, hostname, `${at}[${index}].hostname`));
      if (isAddress(hostname)) errors.push(invalidValue(`${at}[${index}].hostname`, hostname, 'must be a DNS name, not an IP address'));
    }
    return errors;
  });
}

export function serviceWarnings({ spec: given, metadata }: KubeObject): string[] {
  const spec = fields(given);
  const warnings: string[] = [];
  if (metadata.annotations?.['service.kubernetes.io/topology-aware-hints'] !== undefined)
    warnings.push(
      'annotation service.kubernetes.io/topology-aware-hints is deprecated, please use service.kubernetes.io/topology-mode instead',
    );
  if (spec.type === 'ClusterIP' && spec.clusterIP === 'None') {
    if (text(spec.loadBalancerIP) !== '') warnings.push('spec.loadBalancerIP is ignored for headless services');
    if (strings(spec.externalIPs).length > 0) warnings.push('spec.externalIPs is ignored for headless services');
    if (spec.sessionAffinity !== 'None') warnings.push('spec.SessionAffinity is ignored for headless services');
  }
  if (spec.type === 'ExternalName' && strings(spec.externalIPs).length > 0)
    warnings.push('spec.externalIPs is ignored when spec.type is "ExternalName"');
  if (spec.type !== 'ExternalName' && text(spec.externalName) !== '')
    warnings.push('spec.externalName is ignored when spec.type is not "ExternalName"');
  return [
    ...warnings,
    ...strings(spec.clusterIPs).flatMap((ip, index) => addressWarnings(ip, `spec.clusterIPs[${index}]`)),
    ...strings(spec.externalIPs).flatMap((ip, index) => addressWarnings(ip, `spec.externalIPs[${index}]`)),
    ...addressWarnings(text(spec.loadBalancerIP), 'spec.loadBalancerIP'),
    ...strings(spec.loadBalancerSourceRanges).flatMap((range, index) => cidrWarnings(range, `spec.loadBalancerSourceRanges[${index}]`)),
  ];
}
