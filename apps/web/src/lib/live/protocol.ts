import type { ServerMessage } from '@fairlead/shared';

/** The contract's numbers without its validators; routes.spec.ts compares them. */
export const liveCloseCodes = {
  badMessage: 4400,
  notSignedIn: 4401,
  origin: 4403,
  idInUse: 4409,
  version: 4426,
  tooMany: 4429,
} as const;

export const protocolVersion = 1;

/** Messages come from our own server by the same types; anything else is dropped. */
export function readMessage(data: unknown): ServerMessage | null {
  if (typeof data !== 'string') return null;
  try {
    const message: unknown = JSON.parse(data);
    return typeof message === 'object' && message !== null && 'type' in message ? (message as ServerMessage) : null;
  } catch {
    return null;
  }
}
