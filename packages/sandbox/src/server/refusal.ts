import { status } from '@fairlead/kube/protocol';
import { ApiError, forbidden } from '../machinery/api-error.js';
import type { UserInfo } from '../machinery/user.js';
import type { Attributes } from './access.js';

/** responsewriters.Forbidden: `pods is forbidden: User "jane" cannot list resource "pods" in API group "" in the namespace "default"`. */
export function notAllowed(user: UserInfo, attributes: Attributes, reason: string): ApiError {
  const { isResourceRequest, apiGroup, resource, name } = attributes;
  const why = reason === '' ? words(user, attributes) : `${words(user, attributes)}: ${reason}`;
  return isResourceRequest ? forbidden({ group: apiGroup, resource }, name, why) : forbidden({ group: '', resource: '' }, '', why);
}

function words(
  { name: user }: UserInfo,
  { isResourceRequest, verb, path, apiGroup, resource, subresource, namespace }: Attributes,
): string {
  if (!isResourceRequest) return `User ${quoted(user)} cannot ${verb} path ${quoted(path)}`;
  const what = quoted(subresource ? `${resource}/${subresource}` : resource);
  const where = namespace ? `in the namespace ${quoted(namespace)}` : 'at the cluster scope';
  return `User ${quoted(user)} cannot ${verb} resource ${what} in API group ${quoted(apiGroup)} ${where}`;
}

const quoted = (text: string): string => JSON.stringify(text);

/** What is no resource of a version that is served. */
export const noSuchResource = (): ApiError => new ApiError(status(404, 'NotFound', 'the server could not find the requested resource', {}));

export const noSuchMethod = (): ApiError =>
  new ApiError(status(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {}));

export const notAcceptable = (accepted: readonly string[]): ApiError =>
  new ApiError(status(406, 'NotAcceptable', `only the following media types are accepted: ${accepted.join(', ')}`));

/** None of the types is spoken at all. */
export const noRepresentation = (available: readonly string[]): ApiError => {
  const message = `406: Not Acceptable\n\nAvailable representations: ${available.join(', ')}`;
  return new ApiError(status(406, 'NotAcceptable', message, {}));
};

/** What no route takes. */
export const noSuchContentType = (): ApiError => new ApiError(status(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {}));

export const unsupportedMediaType = (accepted: readonly string[]): ApiError => {
  const message = `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`;
  return new ApiError(status(415, 'UnsupportedMediaType', message));
};

export const tooLarge = (limit: number): ApiError =>
  new ApiError(status(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${limit}`));

/** A resourceVersion that is not reached yet. */
export const tooLargeResourceVersion = (asked: string, current: number): ApiError =>
  new ApiError(
    status(504, 'Timeout', `Timeout: Too large resource version: ${asked}, current: ${current}`, {
      causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
      retryAfterSeconds: 1,
    }),
  );
