import pg from 'pg';

/** Every text of every table, as a superuser reads it. */
export async function everythingStored(adminUrl: string): Promise<string> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  const tables = await client.query<{ name: string }>(
    "SELECT quote_ident(table_name) AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'",
  );
  const texts: string[] = [];
  for (const { name } of tables.rows)
    texts.push(...(await client.query<{ t: string }>(`SELECT x::text AS t FROM ${name} x`)).rows.map((row) => row.t));
  await client.end();
  return texts.join('\n');
}
