import type { Database, Transaction } from '../../platform/database.js';
import { newId } from '../../platform/id.js';
import { hashSecret, newSecret } from './secret.js';

const lifetimeMs = 12 * 3600_000;

export async function createSession(
  database: Database | Transaction,
  principalId: string,
  from: { address: string; userAgent: string },
  now: Date,
): Promise<{ id: string; secret: string; expiresAt: Date }> {
  const secret = newSecret();
  const expiresAt = new Date(now.getTime() + lifetimeMs);
  const id = newId();
  await database.session.create({
    data: {
      id,
      principalId,
      secretHash: hashSecret(secret),
      createdAt: now,
      lastSeenAt: now,
      expiresAt,
      address: from.address,
      userAgent: from.userAgent.slice(0, 300),
    },
  });
  return { id, secret, expiresAt };
}

/** Ends a principal's sessions, all but the one given. */
export async function revokeSessions(database: Database | Transaction, principalId: string, now: Date, except?: string): Promise<void> {
  await database.session.updateMany({
    where: { principalId, revokedAt: null, ...(except && { id: { not: except } }) },
    data: { revokedAt: now },
  });
}
