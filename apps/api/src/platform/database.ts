import { PrismaPg } from '@prisma/adapter-pg';
import { Prisma, PrismaClient } from '../generated/prisma/client.js';

export const DATABASE = Symbol('Database');

export type Database = PrismaClient;
/** What a store's method takes to run inside somebody's transaction. */
export type Transaction = Prisma.TransactionClient;

export function createDatabase(url: string): Database {
  return new PrismaClient({
    adapter: new PrismaPg({
      connectionString: url,
      max: 10,
      connectionTimeoutMillis: 3_000,
      idleTimeoutMillis: 30_000,
      query_timeout: 15_000,
      keepAlive: true,
    }),
  });
}

const unavailable = new Set([
  'P1001',
  'P1002',
  'P1008',
  'P1017',
  'P2024',
  'ECONNREFUSED',
  'ECONNRESET',
  '57P01',
  '57P02',
  '57P03',
  '08006',
  '08003',
  '08001',
]);

/** Is this the database being away, rather than a wrong query? */
export function isDatabaseUnavailable(error: unknown): boolean {
  for (let e = error; e instanceof Error; e = e.cause as unknown) {
    const code = 'code' in e ? String(e.code) : '';
    if (unavailable.has(code)) return true;
    if (
      /connection terminated|not currently accepting connections|timeout exceeded when trying to connect|ECONNREFUSED|Can't reach database|Connection ended|terminating connection|the database system is|DatabaseNotReachable|ConnectionClosed/i.test(
        e.message,
      )
    )
      return true;
  }
  return false;
}

/** Which unique constraint did this break? null when it is another error. */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002';
}
