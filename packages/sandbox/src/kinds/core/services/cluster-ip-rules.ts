import { duplicate, type FieldError, invalidValue, notSupported, required } from '../../../machinery/field-error.js';
import { address, familyOf } from '../../parts/ip.js';
import { type Fields, isSet, strings, text } from '../../parts/values.js';
import { isHeadless, needsClusterIp } from './service-facts.js';

const at = 'spec.clusterIPs';
const families = ['IPv4', 'IPv6'];
const policies = ['PreferDualStack', 'RequireDualStack', 'SingleStack'];

/** ValidateServiceClusterIPsRelatedFields. */
export function clusterIpRules(spec: Fields): FieldError[] {
  if (!needsClusterIp(spec)) return [];
  const [ip, ips] = [text(spec.clusterIP), strings(spec.clusterIPs)];
  const errors: FieldError[] = [];
  if (ip !== '' && ips.length === 0) errors.push(required(at));
  else if (ip !== '' && ips[0] !== ip) errors.push(invalidValue(at, ips, 'first value must match `clusterIP`'));
  else if (ip === '' && ips.length > 0) errors.push(invalidValue(at, ips, 'must be empty when `clusterIP` is not specified'));
  strings(spec.ipFamilies).forEach((family, index, all) => {
    if (!families.includes(family)) errors.push(notSupported(`spec.ipFamilies[${index}]`, family, families));
    if (all.indexOf(family) !== index) errors.push(duplicate(`spec.ipFamilies[${index}]`, family));
  });
  if (isSet(spec.ipFamilyPolicy) && !policies.includes(text(spec.ipFamilyPolicy)))
    errors.push(notSupported('spec.ipFamilyPolicy', spec.ipFamilyPolicy, policies));
  const wrong = ips.flatMap((each, index) => {
    if (index > 0 || each !== 'None') return address(each, `${at}[${index}]`);
    return ips.length > 1 ? [invalidValue(at, ips, "'None' must be the first and only value")] : [];
  });
  errors.push(...wrong);
  if (ips.length > 2) errors.push(invalidValue(at, ips, 'may only hold up to 2 values'));
  if (wrong.length > 0) return errors;
  if (ips.length > 1 && new Set(ips.map(familyOf)).size < 2)
    errors.push(invalidValue(at, ips, 'may specify no more than one IP for each IP family'));
  return [...errors, ...familyErrors(spec, ips)];
}

const familyErrors = (spec: Fields, ips: readonly string[]): FieldError[] =>
  isHeadless(spec)
    ? []
    : ips.flatMap((ip, index) => {
        const family = strings(spec.ipFamilies)[index];
        if (family === undefined || family === familyOf(ip) || !families.includes(family)) return [];
        return [invalidValue(`${at}[${index}]`, ip, `expected an ${family} value as indicated by \`ipFamilies[${index}]\``)];
      });

/** One address stays what it is. */
export function clusterIpUpdateRules(spec: Fields, old: Fields): FieldError[] {
  if (!needsClusterIp(spec) || !needsClusterIp(old)) return [];
  const [ips, before] = [strings(spec.clusterIPs), strings(old.clusterIPs)];
  const errors: FieldError[] = [];
  if (!(isHeadless(spec) && isHeadless(old))) {
    if (before.length > 0 && ips.length === 0) errors.push(invalidValue(`${at}[0]`, ips, 'primary clusterIP can not be unset'));
    before.forEach((ip, index) => {
      if ((ips.length === before.length || index === 0) && ips[index] !== undefined && ips[index] !== ip)
        errors.push(invalidValue(`${at}[${index}]`, ips, 'may not change once set'));
    });
  }
  if (isHeadless(spec) || isHeadless(old)) return errors;
  const [now, then] = [strings(spec.ipFamilies), strings(old.ipFamilies)];
  if (now.length === then.length)
    then.forEach((family, index) => {
      if (now[index] !== family) errors.push(invalidValue('spec.ipFamilies[0]', now, 'may not change once set'));
    });
  return errors;
}
