import pg from 'pg';

/** A small pool for libraries that speak pg themselves (rate limits). */
export const PG_POOL = Symbol('PgPool');

export function createPool(url: string): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max: 2, connectionTimeoutMillis: 3_000, query_timeout: 10_000, keepAlive: true });
  pool.on('error', () => {}); // an idle connection that breaks is replaced by the pool
  return pool;
}
