import type { KubeObject } from '@fairlead/kube/protocol';
import { invalid } from '../../../machinery/api-error.js';
import { type FieldError, invalidValue } from '../../../machinery/field-error.js';
import { familyOf } from '../../parts/ip.js';
import { type Fields, fields, setMissing, strings } from '../../parts/values.js';
import { clusterIpRules } from './cluster-ip-rules.js';
import { isHeadless, needsClusterIp } from './service-facts.js';

/**
 * IP families before an address is given: this cluster has one, IPv4. A headless service without a selector speaks both, since nothing is asked of the
 * cluster. Throws what the API server refuses before it looks at anything else.
 */
export function setFamilies(service: KubeObject, before?: Fields): void {
  const spec = service.spec as Fields;
  if (!needsClusterIp(spec)) return;
  const selectsNothing = isHeadless(spec) && Object.keys(fields(spec.selector)).length === 0;
  setMissing(spec, 'ipFamilyPolicy', before?.ipFamilyPolicy ?? (selectsNothing ? 'RequireDualStack' : 'SingleStack'));
  refuse(service, clusterIpRules(spec));
  const [ips, single] = [strings(spec.clusterIPs), spec.ipFamilyPolicy === 'SingleStack'];
  const families = [...strings(spec.ipFamilies)];
  const errors: FieldError[] = [];
  const at = 'spec.ipFamilyPolicy';
  const both = "must be 'RequireDualStack' or 'PreferDualStack' when multiple";
  if (single && ips.length === 2) errors.push(invalidValue(at, spec.ipFamilyPolicy, `${both} cluster IPs are specified`));
  if (single && families.length === 2) errors.push(invalidValue(at, spec.ipFamilyPolicy, `${both} IP families are specified`));
  ips.forEach((ip, index) => {
    if (ip === 'None' || index < families.length) return;
    if (familyOf(ip) === 'IPv4') families.push('IPv4');
    else errors.push(invalidValue(`spec.clusterIPs[${index}]`, ips, `${familyOf(ip)} is not configured on this cluster`));
  });
  refuse(service, errors);
  if (selectsNothing) {
    if (families.length === 0) families.push('IPv4');
    if (families.length < 2 && !single) families.push(families[0] === 'IPv4' ? 'IPv6' : 'IPv4');
  } else {
    if (spec.ipFamilyPolicy === 'RequireDualStack')
      errors.push(invalidValue(at, spec.ipFamilyPolicy, 'this cluster is not configured for dual-stack services'));
    families.forEach((family, index) => {
      if (family !== 'IPv4') errors.push(invalidValue(`spec.ipFamilies[${index}]`, family, 'not configured on this cluster'));
    });
    refuse(service, errors);
    if (families.length === 0) families.push('IPv4');
  }
  spec.ipFamilies = families;
}

function refuse(service: KubeObject, errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalid({ group: '', kind: 'Service' }, service.metadata.name, errors);
}
