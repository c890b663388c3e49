// The real PostgreSQL of a test run. A test file makes its own database from the migrated template:
//   create database <its own> template <FAIRLEAD_TEST_TEMPLATE>        by FAIRLEAD_TEST_DATABASE_ADMIN_URL (superuser, database postgres)
//   and connects to it as the product does, with FAIRLEAD_TEST_DATABASE_URL (application role, database = the template; change the path).
import { deployMigrations } from '../lib/migrations.mjs';
import { startTemporaryPostgres } from '../lib/temporary-postgres.mjs';

const template = 'fairlead_template';

export async function setup() {
  const server = await startTemporaryPostgres(template);
  try {
    await deployMigrations(server.ownerUrl);
  } catch (error) {
    await server.stop();
    throw error;
  }
  process.env.FAIRLEAD_TEST_DATABASE_ADMIN_URL = server.adminUrl();
  process.env.FAIRLEAD_TEST_DATABASE_URL = server.appUrl;
  process.env.FAIRLEAD_TEST_TEMPLATE = template;
  return () => server.stop();
}
