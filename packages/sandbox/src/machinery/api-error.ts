import { type Status, type StatusCause, type StatusDetails, status } from '@fairlead/kube/protocol';
import { causeOf, type FieldError, fieldErrorsMessage } from './field-error.js';
import { type GroupResource, groupResource } from './object.js';

/** A refusal in the API server's own words (apimachinery/pkg/api/errors). Thrown anywhere below a request, answered as it is. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(readonly status: Status) {
    super(status.message);
  }

  get reason(): string {
    return this.status.reason;
  }
}

/** One of the few that the real one answers in plain text: `Internal Server Error: "/api/v1/pods": …`. */
export class PlainInternalError extends ApiError {
  constructor(readonly why: string) {
    super(status(500, 'InternalError', `Internal error occurred: ${why}`, { causes: [{ message: why }] }));
  }
}

interface Named {
  group: string;
  /** Plural for all but `invalid`, which takes the kind. */
  resource: string;
}

const details = ({ group, resource }: Named, name: string, more: Partial<StatusDetails> = {}): StatusDetails => ({
  ...(name ? { name } : {}),
  ...(group ? { group } : {}),
  ...(resource ? { kind: resource } : {}),
  ...more,
});
const qualified = ({ group, resource }: Named): GroupResource => groupResource(group, resource);

export const notFound = (of: Named, name: string): ApiError =>
  new ApiError(status(404, 'NotFound', `${qualified(of)} "${name}" not found`, details(of, name)));

export const alreadyExists = (of: Named, name: string): ApiError =>
  new ApiError(status(409, 'AlreadyExists', `${qualified(of)} "${name}" already exists`, details(of, name)));

export const conflict = (of: Named, name: string, why: string): ApiError =>
  new ApiError(status(409, 'Conflict', `Operation cannot be fulfilled on ${qualified(of)} "${name}": ${why}`, details(of, name)));

export const forbidden = (of: Named, name: string, why: string): ApiError => {
  const what = of.resource === '' ? 'forbidden' : name === '' ? `${qualified(of)} is forbidden` : `${qualified(of)} "${name}" is forbidden`;
  return new ApiError(status(403, 'Forbidden', `${what}: ${why}`, details(of, name)));
};

export const badRequest = (message: string): ApiError => new ApiError(status(400, 'BadRequest', message));
export const unauthorized = (): ApiError => new ApiError(status(401, 'Unauthorized', 'Unauthorized'));
export const gone = (message: string): ApiError => new ApiError(status(410, 'Expired', message));
export const internal = (message: string): ApiError => {
  const causes: StatusCause[] = [{ message }];
  return new ApiError(status(500, 'InternalError', `Internal error occurred: ${message}`, { causes }));
};
/** What the real one has and the sandbox leaves out. */
export const notInTheSandbox = (what: string): ApiError =>
  new ApiError(status(501, 'NotImplemented', `the sandbox does not serve ${what}`));

export const tooManyRequests = (message: string, retryAfterSeconds: number, causes?: StatusCause[]): ApiError =>
  new ApiError(status(429, 'TooManyRequests', message, { retryAfterSeconds, ...(causes ? { causes } : {}) }));

/** `Deployment.apps "web" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0`, a cause for each field. */
export function invalid(of: { group: string; kind: string }, name: string, errors: readonly FieldError[]): ApiError {
  const kind = groupResource(of.group, of.kind);
  const found = {
    ...(name ? { name } : {}),
    ...(of.group ? { group: of.group } : {}),
    ...(of.kind ? { kind: of.kind } : {}),
    causes: errors.map(causeOf),
  };
  return new ApiError(status(422, 'Invalid', `${kind} "${name}" is invalid: ${fieldErrorsMessage(errors)}`, found));
}
