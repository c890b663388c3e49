import type { StatusCause } from '@fairlead/kube/protocol';

/** apimachinery/pkg/util/validation/field: what is wrong with one field, in the API server's words. */
export interface FieldError {
  reason: string;
  /** `spec.template.spec.containers[0].image` */
  field: string;
  /** Without the field: `Required value: must specify a name`. */
  body: string;
}

/** A value as Go prints it in these messages: strings quoted, objects as JSON, null as `null`. */
const shown = (value: unknown): string => (value === undefined ? 'null' : JSON.stringify(value));

const make = (reason: string, field: string, body: string): FieldError => ({ reason, field, body });
const withDetail = (head: string, detail: string): string => (detail === '' ? head : `${head}: ${detail}`);

export const required = (field: string, detail = ''): FieldError => make('FieldValueRequired', field, withDetail('Required value', detail));
export const invalidValue = (field: string, value: unknown, detail: string): FieldError =>
  make('FieldValueInvalid', field, withDetail(`Invalid value: ${shown(value)}`, detail));
export const typeInvalid = (field: string, value: unknown, detail: string): FieldError =>
  make('FieldValueTypeInvalid', field, withDetail(`Invalid value: ${shown(value)}`, detail));
export const duplicate = (field: string, value: unknown): FieldError =>
  make('FieldValueDuplicate', field, `Duplicate value: ${shown(value)}`);
export const notSupported = (field: string, value: unknown, supported: readonly string[]): FieldError =>
  make(
    'FieldValueNotSupported',
    field,
    `Unsupported value: ${shown(value)}: supported values: ${supported.map((each) => JSON.stringify(each)).join(', ')}`,
  );
export const forbiddenField = (field: string, detail: string): FieldError => make('FieldValueForbidden', field, `Forbidden: ${detail}`);
export const tooLong = (field: string, max: number): FieldError =>
  make('FieldValueTooLong', field, `Too long: may not be more than ${max} bytes`);
export const tooMany = (field: string, actual: number, max: number): FieldError =>
  make('FieldValueTooMany', field, `Too many: ${actual}: must have at most ${max} items`);
export const notFoundValue = (field: string, value: unknown): FieldError => make('FieldValueNotFound', field, `Not found: ${shown(value)}`);

export const fieldErrorMessage = (error: FieldError): string => `${error.field}: ${error.body}`;

/** One as it is; several in brackets, as utilerrors.Aggregate prints them. */
export function fieldErrorsMessage(errors: readonly FieldError[]): string {
  const texts = [...new Set(errors.map(fieldErrorMessage))];
  return texts.length === 1 ? (texts[0] ?? '') : `[${texts.join(', ')}]`;
}

export const causeOf = ({ reason, field, body }: FieldError): StatusCause => ({ reason, message: body, field });
