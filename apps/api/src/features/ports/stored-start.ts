import { z } from 'zod';
import type { OpeningRow } from './opening-store.js';

const Named = z.object({ id: z.string(), name: z.string() });

/** How an opening's audit entry began, as its row keeps it: whichever process sees the end can end the entry. */
const StoredStart = z.object({
  action: z.string(),
  verb: z.string(),
  actor: z.object({ kind: z.enum(['user', 'robot', 'system', 'anonymous']), id: z.string().nullable(), name: z.string() }),
  door: z.enum(['web', 'rest']),
  mutating: z.boolean(),
  project: Named,
  cluster: Named,
  namespace: z.string(),
  resource: z.string(),
  name: z.string(),
  sourceAddress: z.string(),
  userAgent: z.string(),
  sessionId: z.string().nullable(),
  tokenId: z.string().nullable(),
  reason: z.string(),
});
export type StoredStart = z.infer<typeof StoredStart>;

export const startOf = (row: OpeningRow): StoredStart => StoredStart.parse(row.audit);
