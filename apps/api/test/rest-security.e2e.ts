import type { Route } from '@fairlead/shared';
import * as contract from '@fairlead/shared';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PrismaClient } from '../src/generated/prisma/client.js';
import { createDatabase } from '../src/platform/database.js';
import { implementedRoutes } from '../src/platform/http/implements.js';
import { newId } from '../src/platform/id.js';
import { type Fairlead, type Session, startFairlead } from './support/fairlead.js';

const isRoute = (value: unknown): value is Route =>
  typeof value === 'object' && value !== null && 'access' in value && 'action' in value && 'path' in value;
const contractRoutes: Route[] = (Object.values(contract) as unknown[]).filter(isRoute);

let fairlead: Fairlead;
let database: PrismaClient;
beforeAll(async () => {
  fairlead = await startFairlead();
  database = createDatabase(fairlead.database.url);
});
afterAll(async () => {
  await database?.$disconnect();
  await fairlead?.close();
});

const fill = (path: string, values: Record<string, string> = {}) =>
  path.replace(/:(\w+)/g, (_, name: string) => values[name] ?? (name === 'revision' ? '1' : newId()));
const send = (route: Route, path: string) =>
  request(fairlead.url)[route.method.toLowerCase() as 'get'](`/api/v1${path}`).set('origin', fairlead.url);

describe('every route (Z6)', () => {
  it('of the contract is implemented, and nothing else is', () => {
    const names = (routes: readonly Route[]) => routes.map((route) => `${route.method} ${route.path}`).sort();
    expect(names(implementedRoutes())).toEqual(names(contractRoutes));
  });

  it('names an action of its own feature, and a permission that some role has', () => {
    for (const { access, action, path } of contractRoutes) {
      expect(action, path).toMatch(/^[a-z]+(\.[a-z-]+)+$/);
      if (access === 'public') expect(['auth.sign-in', 'health.live', 'health.ready', 'docs.openapi']).toContain(action);
    }
  });

  it('but the public ones answers 401 to nobody, before it looks at anything else', async () => {
    const routes = contractRoutes.filter((route) => route.access !== 'public');
    const answers = await Promise.all(
      routes.map(async (route) => ({ route: `${route.method} ${route.path}`, status: (await send(route, fill(route.path))).status })),
    );
    expect(answers.filter((answer) => answer.status !== 401)).toEqual([]);
  });
});

describe('a stranger to a project (Z3)', () => {
  let stranger: Session;
  const project = { id: newId(), name: 'somebody-elses' };
  beforeAll(async () => {
    stranger = await fairlead.person('stranger');
    const owner = await fairlead.person('owner');
    await database.project.create({ data: { ...project, displayName: 'x', createdAt: new Date(), createdById: owner.id } });
  });

  const routes = contractRoutes.filter(
    (route) => route.path.includes(':project') && !(typeof route.access === 'object' && 'platform' in route.access),
  );
  it.each(routes.flatMap((route) => [project.id, project.name].map((ref) => [`${route.method} ${route.path}`, ref, route] as const)))(
    '%s by %s is a thing that does not exist',
    async (_, ref, route) => {
      const answer = await send(route, fill(route.path, { project: ref })).set('cookie', stranger.cookie);
      expect(answer.status).toBe(404);
      const absent = await send(route, fill(route.path, { project: 'no-such-project' })).set('cookie', stranger.cookie);
      expect(absent.body.message.replace('no-such-project', ref)).toBe(answer.body.message);
    },
  );

  it('and what platform permissions guard is 403 with the permission that is lacked', async () => {
    for (const route of contractRoutes.filter((r) => typeof r.access === 'object' && 'platform' in r.access)) {
      const answer = await send(route, fill(route.path, { project: project.id })).set('cookie', stranger.cookie);
      expect([403, 404], `${route.method} ${route.path}`).toContain(answer.status);
      if (answer.status === 403) expect(answer.body.receipt.needs).toBe('platform admin');
    }
  });
});
