import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CanonicalTarget, RequestInfo } from '@fairlead/kube/protocol';
import type { UserInfo } from '../machinery/user.js';

/** One request on its way through the door, once it is known who asks for what. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly target: CanonicalTarget;
  readonly info: RequestInfo;
  readonly user: UserInfo;
  /** For Warning headers; must be complete before the answer begins. */
  readonly warnings: Set<string>;
}

/** The first value of a query parameter. */
export const param = ({ target }: Pick<Exchange, 'target'>, name: string): string | undefined => target.params.get(name)?.[0];

/** Go's ParseBool, undefined where the parameter is missing or no truth value. */
export function booleanParam(exchange: Pick<Exchange, 'target'>, name: string): boolean | undefined {
  const value = param(exchange, name);
  if (value === undefined) return undefined;
  // conversion.Convert_Slice_string_To_bool: anything but these is true.
  return !(value === '0' || value.toLowerCase() === 'false');
}

export function integerParam(exchange: Pick<Exchange, 'target'>, name: string): number | undefined {
  const value = param(exchange, name);
  return value !== undefined && /^-?\d{1,15}$/.test(value) ? Number(value) : undefined;
}
