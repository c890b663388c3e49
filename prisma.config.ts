import { defineConfig } from 'prisma/config';

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  // Only `generate` and `validate` run through Prisma's own command; neither connects.
  datasource: { url: process.env.DATABASE_URL ?? 'postgres://127.0.0.1/fairlead' },
});
