// node scripts/migrate.mjs: applies prisma/migrations to the PostgreSQL of DATABASE_URL. `npm start` does it by itself.
import { deployMigrations } from './lib/migrations.mjs';

const url = process.env.DATABASE_URL;
if (!url) {
  console.error('DATABASE_URL is not set. The embedded database is migrated by npm start.');
  process.exit(2);
}
try {
  const applied = await deployMigrations(url);
  console.log(applied.length ? `applied: ${applied.join(', ')}` : 'nothing to apply');
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
