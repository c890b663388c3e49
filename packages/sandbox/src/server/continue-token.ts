import { status } from '@fairlead/kube/protocol';
import { ApiError, badRequest } from '../machinery/api-error.js';

/** Where a list goes on: as the API server writes it, but clients know it as opaque. */
export interface ContinueToken {
  /** Of the first page; -1: go on with what is there now. */
  revision: number;
  /** The first key of the next page. */
  start: string;
}

export const encodeContinue = ({ revision, start }: ContinueToken): string =>
  Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: revision, start: `${start}\u0000` })).toString('base64url');

export function decodeContinue(token: string): ContinueToken {
  try {
    const { v, rv, start } = JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as Record<string, unknown>;
    if (v === 'meta.k8s.io/v1' && typeof rv === 'number' && Number.isInteger(rv) && typeof start === 'string' && !start.includes('..'))
      return { revision: rv, start: start.replace(/\0$/, '') };
  } catch {
    // told below
  }
  throw badRequest("invalid continue token: continue key is not valid: invalid character 'i' looking for beginning of value");
}

const tooOld =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.';

/** 410 with a token that goes on all the same, with what is there now. */
export function continueExpired(start: string): ApiError {
  const refused = status(410, 'Expired', tooOld);
  return new ApiError({ ...refused, metadata: { continue: encodeContinue({ revision: -1, start }) } });
}
