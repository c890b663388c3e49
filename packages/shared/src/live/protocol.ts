/**
 * The live protocol, version 1, spoken over one WebSocket per tab at /api/v1/live.
 *
 * Promises: a subscription begins with a snapshot that replaces everything. Changes to one key arrive in order; states in between may be
 * skipped, the last one never. Nothing is promised between keys. A new snapshot may come at any time. A subscription says `live` or `stale`
 * with the time since. Rights are asked at subscription and again whenever they change; what is no longer allowed ends with `error`.
 *
 * `at` and `from` are opaque (`<epoch>.<seq>`); an unknown one gives a snapshot.
 */
import { z } from 'zod';

export const liveVersion = 1;

export const liveClose = { badMessage: 4400, notSignedIn: 4401, origin: 4403, idInUse: 4409, version: 4426, tooMany: 4429 } as const;

export const ClientMessage = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('hello'), version: z.number(), resume: z.string().max(100).optional() }),
  z.strictObject({
    type: z.literal('subscribe'),
    id: z.string().min(1).max(64),
    topic: z.string().max(64),
    params: z.record(z.string().max(64), z.string().max(253)).default({}),
    from: z.string().max(100).optional(),
  }),
  z.strictObject({ type: z.literal('unsubscribe'), id: z.string().min(1).max(64) }),
  z.strictObject({ type: z.literal('ping') }),
]);
export type ClientMessage = z.infer<typeof ClientMessage>;

/** A row of a topic. `key` is unique within the subscription (a uid or id). */
export interface LiveItem {
  key: string;
}

export type LiveChange<T extends LiveItem = LiveItem> = { put: T } | { remove: string };

export type ServerMessage =
  | { type: 'welcome'; version: number; session: string; heartbeatMs: number; serverTime: string }
  | { type: 'snapshot'; id: string; at: string; items: LiveItem[]; total: number }
  | { type: 'changes'; id: string; at: string; changes: LiveChange[] }
  | { type: 'state'; id: string; state: 'live' | 'stale'; since: string; reason: string | null }
  | { type: 'error'; id: string | null; code: string; message: string }
  | { type: 'pong'; serverTime: string };
