import { type FieldError, invalidValue, required } from '../../../machinery/field-error.js';
import { isConfigKey, isEnvName, isSubdomain } from '../../parts/names.js';
import { named, needed } from '../../parts/rules.js';
import { type Fields, fields, isFields, list, text } from '../../parts/values.js';
import { envFieldPaths, fieldRef, resourceFieldRef } from './field-refs.js';

export const envRules = (env: unknown, path: string): FieldError[] =>
  list(env).flatMap((each, index) => [
    ...needed(text(each.name), `${path}[${index}].name`, isEnvName),
    ...valueFrom(each, `${path}[${index}].valueFrom`),
  ]);

function valueFrom(each: Fields, path: string): FieldError[] {
  if (!isFields(each.valueFrom)) return [];
  const source = each.valueFrom;
  const errors: FieldError[] = [];
  let sources = 0;
  const look = (key: string, rule: (ref: Fields, path: string) => FieldError[]): void => {
    const ref = source[key];
    if (!isFields(ref)) return;
    sources += 1;
    errors.push(...rule(ref, `${path}.${key}`));
  };
  look('fieldRef', (ref, at) => fieldRef(ref, at, envFieldPaths));
  look('resourceFieldRef', (ref, at) => resourceFieldRef(ref, at, false));
  look('configMapKeyRef', keyRef);
  look('secretKeyRef', keyRef);
  if (sources === 0)
    errors.push(invalidValue(path, '', 'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`'));
  else if (text(each.value) !== '') errors.push(invalidValue(path, '', 'may not be specified when `value` is not empty'));
  else if (sources > 1) errors.push(invalidValue(path, '', 'may not have more than one field specified at a time'));
  return errors;
}

const keyRef = (ref: Fields, path: string): FieldError[] => [
  ...named(isSubdomain, text(ref.name), `${path}.name`),
  ...needed(text(ref.key), `${path}.key`, isConfigKey),
];

export const envFromRules = (envFrom: unknown, path: string): FieldError[] =>
  list(envFrom).flatMap((each, index) => {
    const at = `${path}[${index}]`;
    const errors = text(each.prefix) === '' ? [] : named(isEnvName, text(each.prefix), `${at}.prefix`);
    const sources = ['configMapRef', 'secretRef'].filter((key) => isFields(each[key]));
    for (const key of sources) {
      const name = text(fields(each[key]).name);
      // A name may be a prefix here: the rule is that of generated names.
      errors.push(
        ...(name === ''
          ? [required(`${at}.${key}.name`)]
          : named(
              isSubdomain,
              name.replace(/^(.+)-$/, (_, rest: string) => `${rest.slice(0, -1)}a`),
              `${at}.${key}.name`,
            )),
      );
    }
    if (sources.length === 0) errors.push(invalidValue(path, '', 'must specify one of: `configMapRef` or `secretRef`'));
    else if (sources.length > 1) errors.push(invalidValue(path, '', 'may not have more than one field specified at a time'));
    return errors;
  });
