import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Janitor } from '../src/features/auth/janitor.js';
import { DATABASE, type Database } from '../src/platform/database.js';
import { adminPassword, type Fairlead, startFairlead } from './support/fairlead.js';

let fairlead: Fairlead;
beforeAll(async () => {
  fairlead = await startFairlead();
});
afterAll(() => fairlead?.close());

const signIn = (body: object, origin = fairlead.url) => request(fairlead.url).post('/api/v1/auth/sign-in').set('origin', origin).send(body);

describe('sign-in', () => {
  it('gives an HttpOnly, SameSite cookie and says who one is', async () => {
    const answer = await signIn({ username: 'admin', password: adminPassword }).expect(200);
    expect(answer.headers['set-cookie']![0]).toMatch(/^fairlead=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Expires=/);
    expect(answer.body).toMatchObject({ name: 'admin', platformRoles: ['admin', 'auditor'], mustChangePassword: false, via: 'session' });
  });

  it('answers an unknown name like a wrong password (A5)', async () => {
    const wrong = await signIn({ username: 'admin', password: 'not it at all' }).expect(401);
    const unknown = await signIn({ username: 'nobody', password: 'not it at all' }).expect(401);
    const strip = ({ requestId, ...rest }: Record<string, unknown>) => ({ ...rest, requestId: typeof requestId });
    expect(strip(unknown.body)).toEqual(strip(wrong.body));
    expect(Object.keys(unknown.headers).sort()).toEqual(Object.keys(wrong.headers).sort());
  });

  it('rotates: the session that the browser had ends (A)', async () => {
    const first = await fairlead.signIn('admin', adminPassword);
    await signIn({ username: 'admin', password: adminPassword }).set('cookie', first.cookie).expect(200);
    await first.get('/me').expect(401);
  });

  it('sign-out revokes, and the cookie is worth nothing after it', async () => {
    const session = await fairlead.signIn('admin', adminPassword);
    await session.post('/auth/sign-out').expect(204);
    await session.get('/me').expect(401);
  });

  it('refuses another site: foreign origin, null, sibling, and a cookie without an origin (CSRF)', async () => {
    const session = await fairlead.admin();
    for (const origin of ['https://evil.example', 'null', fairlead.url.replace('127.0.0.1', 'x.127.0.0.1')])
      await request(fairlead.url).post('/api/v1/auth/sign-out').set('cookie', session.cookie).set('origin', origin).expect(403);
    await request(fairlead.url).post('/api/v1/auth/sign-out').set('cookie', session.cookie).expect(403);
    await request(fairlead.url)
      .post('/api/v1/auth/sign-out')
      .set('cookie', session.cookie)
      .set('origin', fairlead.url)
      .set('sec-fetch-site', 'cross-site')
      .expect(403);
    await session.get('/me').expect(200);
  });

  it('is limited by account from all addresses together, with the seconds to wait (A4)', async () => {
    await fairlead.person('limited');
    const statuses: number[] = [];
    for (let i = 0; i < 7; i++) statuses.push((await signIn({ username: 'limited', password: `wrong ${i}` })).status);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429]);
    const refused = await signIn({ username: 'limited', password: adminPassword }).expect(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    // A parallel burst counts too: the attempt is taken before the password is looked at.
    await fairlead.person('burst');
    const burst = await Promise.all(Array.from({ length: 12 }, () => signIn({ username: 'burst', password: 'wrong' })));
    expect(burst.filter((answer) => answer.status === 401)).toHaveLength(5);
  });

  it('a generated password is changed first; every other session ends then', async () => {
    const admin = await fairlead.admin();
    const made = await admin.post('/users', { name: 'fresh' }).expect(201);
    const session = await fairlead.signIn('fresh', made.body.password);
    await session.get('/me').expect(200);
    expect((await session.get('/tokens').expect(403)).body.code).toBe('password_change_needed');
    const other = await fairlead.signIn('fresh', made.body.password);
    await session.post('/me/password', { current: made.body.password, next: 'another long password' }).expect(204);
    await session.get('/tokens').expect(200);
    await other.get('/me').expect(401);
  });
});

it('what is over is swept: counts of sign-ins, and sessions of a month ago', async () => {
  const database = fairlead.app.get<Database>(DATABASE);
  const { id } = await fairlead.person('swept');
  const old = new Date(Date.now() - 40 * 24 * 3600_000);
  await database.rateLimit.create({ data: { key: 'over', points: 1, expire: BigInt(Date.now() - 1) } });
  await database.rateLimit.create({ data: { key: 'counts', points: 1, expire: BigInt(Date.now() + 60_000) } });
  await database.session.updateMany({ where: { principalId: id }, data: { expiresAt: old } });
  await fairlead.app.get(Janitor).sweep();
  expect(await database.rateLimit.findMany({ where: { key: { in: ['over', 'counts'] } }, select: { key: true } })).toEqual([
    { key: 'counts' },
  ]);
  expect(await database.session.count({ where: { principalId: id } })).toBe(0);
});

describe('tokens', () => {
  const bearer = (token: string, path = '/me') => request(fairlead.url).get(`/api/v1${path}`).set('authorization', `Bearer ${token}`);

  it('is shown once, listed with its last use, and revoked at once', async () => {
    const ana = await fairlead.person('ana');
    const made = await ana.post('/tokens', { name: 'ci' }).expect(201);
    expect(made.body.token).toMatch(/^flt_[\w-]{43}$/);
    await bearer(made.body.token).expect(200);
    const listed = await ana.get('/tokens').expect(200);
    expect(JSON.stringify(listed.body)).not.toContain(made.body.token);
    await ana.delete(`/tokens/${made.body.id}`).expect(204);
    await expect.poll(async () => (await bearer(made.body.token)).status, { timeout: 3000 }).toBe(401);
  });

  it('a read-only token changes nothing, and a token makes no wider one (A6)', async () => {
    const ben = await fairlead.person('ben');
    const token = await ben.token({ name: 'reader', readOnly: true, expiresInHours: 1 });
    await request(fairlead.url).post('/api/v1/tokens').set('authorization', `Bearer ${token}`).send({ name: 'wider' }).expect(403);
    const short = await ben.token({ name: 'short', expiresInHours: 1 });
    const child = await request(fairlead.url)
      .post('/api/v1/tokens')
      .set('authorization', `Bearer ${short}`)
      .send({ name: 'child', expiresInHours: 700 })
      .expect(201);
    expect(Date.parse(child.body.expiresAt)).toBeLessThanOrEqual(Date.now() + 3600_000);
  });

  it('is refused in a query, after its owner is disabled, and when it is malformed (A6, H11)', async () => {
    const eve = await fairlead.person('eve');
    const token = await eve.token();
    await request(fairlead.url).get(`/api/v1/me?token=${token}`).expect(401);
    for (const header of [`Basic ${token}`, 'Bearer', 'Bearer ', `Bearer ${token}x`, `Bearer ${token} ${token}`])
      await request(fairlead.url).get('/api/v1/me').set('authorization', header).expect(401);
    await (await fairlead.admin()).patch(`/users/eve`, { disabled: true }).expect(200);
    await expect.poll(async () => (await bearer(token)).status, { timeout: 3000 }).toBe(401);
    await eve.get('/me').expect(401);
  });
});

describe('people', () => {
  it('a duplicate name, a bad name and an unknown field are named', async () => {
    const admin = await fairlead.admin();
    await admin.post('/users', { name: 'twice', password: adminPassword }).expect(201);
    expect((await admin.post('/users', { name: 'twice', password: adminPassword }).expect(409)).body.code).toBe('name_taken');
    const bad = await admin.post('/users', { name: 'Not A Label', isAdmin: true }).expect(400);
    expect(bad.body.issues.map((i: { message: string }) => i.message).join()).toMatch(/DNS-1123.*isAdmin/);
  });

  it('mass assignment is refused by name, prototypes included (Z4)', async () => {
    const admin = await fairlead.admin();
    for (const extra of [
      '"tenantId":"x"',
      '"createdBy":"x"',
      '"platformRoles":{"0":"admin"}',
      '"constructor":{"prototype":{"a":1}}',
      '"__proto__":{"a":1}',
    ]) {
      const answer = await admin.post('/users').set('content-type', 'application/json').send(`{"name":"massive",${extra}}`);
      expect(answer.status).toBe(400);
    }
    await admin.get('/users/massive').expect(404);
  });

  it('two admins who take each other away: one of them stays', async () => {
    const admin = await fairlead.admin();
    const [a, b] = await Promise.all([fairlead.person('admin-a', ['admin']), fairlead.person('admin-b', ['admin'])]);
    await admin.patch('/users/admin', { platformRoles: ['auditor'] }).expect(200);
    const answers = await Promise.all([a.patch('/users/admin-b', { platformRoles: [] }), b.patch('/users/admin-a', { platformRoles: [] })]);
    expect(answers.map((x) => x.status).sort()).toEqual([200, 409]);
    const left = answers[0]!.status === 200 ? a : b;
    await left.patch('/users/admin', { platformRoles: ['admin', 'auditor'] }).expect(200);
  });
});

describe('the audit log', () => {
  it('has one entry with one identity for each act, allowed or refused', async () => {
    const cy = await fairlead.person('cy');
    await cy.get('/users').expect(403);
    await cy.token({ name: 'seen' });
    const admin = await fairlead.admin();
    const entries = (await admin.get('/audit?actor=cy&limit=50').expect(200)).body.items as {
      action: string;
      outcome: string;
      door: string;
      actor: { id: string };
    }[];
    expect(entries.map((e) => `${e.action} ${e.outcome} ${e.door}`)).toEqual([
      'tokens.create allowed web',
      'users.list refused web',
      'auth.sign-in allowed rest',
    ]);
    expect(new Set(entries.map((e) => e.actor.id))).toEqual(new Set([cy.id]));
  });

  it('shows a person their own acts only, and pages without a gap', async () => {
    const dee = await fairlead.person('dee');
    for (let i = 0; i < 5; i++) await dee.get('/me').expect(200);
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = (await dee.get(`/audit?limit=2&action=auth.*${cursor}`).expect(200)).body as {
        items: { id: string; actor: { name: string } }[];
        next: string | null;
      };
      expect(page.items.every((entry) => entry.actor.name === 'dee')).toBe(true);
      seen.push(...page.items.map((entry) => entry.id));
      cursor = page.next ? `&cursor=${page.next}` : '';
    } while (cursor);
    expect(seen.length).toBe(new Set(seen).size);
    expect(seen.length).toBe(6);
  });

  it('is exported as NDJSON, oldest first, with an unbroken chain', async () => {
    const admin = await fairlead.admin();
    const answer = await admin
      .get('/audit/export')
      .buffer(true)
      .parse((res, done) => {
        let text = '';
        res.setEncoding('utf8');
        res.on('data', (chunk: string) => {
          text += chunk;
        });
        res.on('end', () => done(null, text));
      });
    expect(answer.headers['content-type']).toContain('application/x-ndjson');
    const lines = (answer.body as string)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { at: string });
    expect(lines.length).toBeGreaterThan(20);
    expect(lines.map((l) => l.at)).toEqual([...lines.map((l) => l.at)].sort());
  });
});
