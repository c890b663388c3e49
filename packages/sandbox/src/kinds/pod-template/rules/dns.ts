import { type FieldError, invalidValue, required } from '../../../machinery/field-error.js';
import { address } from '../../parts/ip.js';
import { isSubdomain, isUnderscoredSubdomain } from '../../parts/names.js';
import { named, oneOf } from '../../parts/rules.js';
import { type Fields, fields, isFields, list, strings, text } from '../../parts/values.js';

const maxNameservers = 3;
const maxSearches = 32;
const maxSearchCharacters = 2048;

export const dnsPolicyRules = (spec: Fields, path: string): FieldError[] =>
  oneOf(spec.dnsPolicy, `${path}.dnsPolicy`, ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None']);

export function dnsConfigRules(spec: Fields, path: string): FieldError[] {
  const config = spec.dnsConfig;
  const [nameservers, searches] = [strings(fields(config).nameservers), strings(fields(config).searches)];
  if (spec.dnsPolicy === 'None') {
    if (!isFields(config)) return [required(path, 'must provide `dnsConfig` when `dnsPolicy` is None')];
    if (nameservers.length === 0)
      return [required(`${path}.nameservers`, 'must provide at least one DNS nameserver when `dnsPolicy` is None')];
  }
  if (!isFields(config)) return [];
  const errors: FieldError[] = [];
  if (nameservers.length > maxNameservers)
    errors.push(invalidValue(`${path}.nameservers`, nameservers, `must not have more than ${maxNameservers} nameservers`));
  errors.push(...nameservers.flatMap((each, index) => address(each, `${path}.nameservers[${index}]`)));
  if (searches.length > maxSearches)
    errors.push(invalidValue(`${path}.searches`, searches, `must not have more than ${maxSearches} search paths`));
  if (searches.join(' ').length > maxSearchCharacters) {
    const words = `must not have more than ${maxSearchCharacters} characters (including spaces) in the search list`;
    errors.push(invalidValue(`${path}.searches`, searches, words));
  }
  searches.forEach((each, index) => {
    if (each !== '.') errors.push(...named(isUnderscoredSubdomain, each.replace(/\.$/, ''), `${path}.searches[${index}]`));
  });
  list(config.options).forEach(({ name }, index) => {
    if (text(name) === '') errors.push(required(`${path}.options[${index}]`, 'must not be empty'));
  });
  return errors;
}

export const hostAliasRules = (aliases: unknown, path: string): FieldError[] =>
  list(aliases).flatMap(({ ip, hostnames }, index) => [
    ...address(text(ip), `${path}[${index}].ip`),
    ...strings(hostnames).flatMap((name, position) => named(isSubdomain, name, `${path}[${index}].hostnames[${position}]`)),
  ]);
