import { type FieldError, forbiddenField, invalidValue, required } from '../../machinery/field-error.js';
import { keyProblem, valueProblem } from '../../machinery/name-problem.js';
import { type Fields, list, stringMap, strings, text } from '../parts/values.js';

/** metav1.LabelSelector, as unversionedvalidation.ValidateLabelSelector judges it. */
export function labelSelectorErrors(selector: Fields, at: string): FieldError[] {
  const errors: FieldError[] = [];
  for (const [key, value] of Object.entries(stringMap(selector.matchLabels))) {
    const [wrongKey, wrongValue] = [keyProblem(key), valueProblem(value)];
    if (wrongKey) errors.push(invalidValue(`${at}.matchLabels`, key, wrongKey));
    if (wrongValue) errors.push(invalidValue(`${at}.matchLabels`, value, wrongValue));
  }
  list(selector.matchExpressions).forEach((each, index) => {
    errors.push(...requirementErrors(each, `${at}.matchExpressions[${index}]`));
  });
  return errors;
}

function requirementErrors({ key, operator, values: given }: Fields, at: string): FieldError[] {
  const errors: FieldError[] = [];
  const values = strings(given);
  switch (operator) {
    case 'In':
    case 'NotIn':
      if (values.length === 0) errors.push(required(`${at}.values`, "must be specified when `operator` is 'In' or 'NotIn'"));
      break;
    case 'Exists':
    case 'DoesNotExist':
      if (values.length > 0)
        errors.push(forbiddenField(`${at}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
      break;
    default:
      errors.push(invalidValue(`${at}.operator`, text(operator), 'not a valid selector operator'));
  }
  const wrong = keyProblem(text(key));
  if (wrong) errors.push(invalidValue(`${at}.key`, text(key), wrong));
  values.forEach((value, index) => {
    const problem = valueProblem(value);
    if (problem) errors.push(invalidValue(`${at}.values[${index}]`, value, problem));
  });
  return errors;
}
