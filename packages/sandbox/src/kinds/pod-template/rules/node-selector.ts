import { type FieldError, forbiddenField, invalidValue, required } from '../../../machinery/field-error.js';
import { isLabelValue, isSubdomain } from '../../parts/names.js';
import { labelKey, named } from '../../parts/rules.js';
import { type Fields, list, strings, text } from '../../parts/values.js';

/** core/v1 NodeSelector. */
export function nodeSelectorRules(selector: Fields, path: string): FieldError[] {
  const terms = list(selector.nodeSelectorTerms);
  if (terms.length === 0) return [required(`${path}.nodeSelectorTerms`, 'must have at least one node selector term')];
  return terms.flatMap((term, index) => nodeSelectorTerm(term, `${path}.nodeSelectorTerms[${index}]`, true));
}

/** `strict`: values must be values of labels; what is only preferred may be anything. */
export const nodeSelectorTerm = (term: Fields, path: string, strict: boolean): FieldError[] => [
  ...list(term.matchExpressions).flatMap((each, index) => requirement(each, `${path}.matchExpressions[${index}]`, strict)),
  ...list(term.matchFields).flatMap((each, index) => fieldRequirement(each, `${path}.matchFields[${index}]`)),
];

function requirement({ key, operator, values }: Fields, path: string, strict: boolean): FieldError[] {
  const given = strings(values);
  const errors: FieldError[] = [];
  switch (operator) {
    case 'In':
    case 'NotIn':
      if (given.length === 0) errors.push(required(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'"));
      break;
    case 'Exists':
    case 'DoesNotExist':
      if (given.length > 0)
        errors.push(forbiddenField(`${path}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
      break;
    case 'Gt':
    case 'Lt':
      if (given.length !== 1) errors.push(required(`${path}.values`, "must be specified single value when `operator` is 'Lt' or 'Gt'"));
      break;
    default:
      errors.push(invalidValue(`${path}.operator`, text(operator), 'not a valid selector operator'));
  }
  errors.push(...labelKey(text(key), `${path}.key`));
  if (strict) errors.push(...given.flatMap((value, index) => named(isLabelValue, value, `${path}.values[${index}]`)));
  return errors;
}

function fieldRequirement({ key, operator, values }: Fields, path: string): FieldError[] {
  const given = strings(values);
  const errors: FieldError[] = [];
  if (operator !== 'In' && operator !== 'NotIn')
    errors.push(invalidValue(`${path}.operator`, text(operator), 'not a valid selector operator'));
  else if (given.length !== 1)
    errors.push(required(`${path}.values`, "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"));
  if (key !== 'metadata.name') errors.push(invalidValue(`${path}.key`, text(key), 'not a valid field selector key'));
  else errors.push(...given.flatMap((value, index) => named(isSubdomain, value, `${path}.values[${index}]`)));
  return errors;
}
