import { AppError } from '../../platform/app-error.js';

/** The revision in `If-Match: "12"`; null without the header. @throws AppError invalid_request for anything else, `*` too */
export function readIfMatch(header: string | undefined): number | null {
  if (header === undefined) return null;
  const number = /^\s*"(\d{1,9})"\s*$/.exec(header)?.[1];
  if (number === undefined)
    throw new AppError(
      'invalid_request',
      {},
      { issues: [{ path: 'If-Match', message: 'must be one revision in quotes, for example "12"' }] },
    );
  return Number(number);
}
