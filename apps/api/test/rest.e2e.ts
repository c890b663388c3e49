import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Fairlead, startFairlead } from './support/fairlead.js';

let fairlead: Fairlead;
beforeAll(async () => {
  fairlead = await startFairlead();
});
afterAll(() => fairlead?.close());

describe('bad input', () => {
  const post = (body: string | Buffer, type = 'application/json') =>
    request(fairlead.url).post('/api/v1/auth/sign-in').set('origin', fairlead.url).set('content-type', type).send(body);

  it.each([
    ['malformed JSON', () => post('{"username": '), 400, 'invalid_request'],
    ['a prototype key', () => post('{"__proto__": {"a": 1}, "username": "a", "password": "b"}'), 400, 'invalid_request'],
    ['an unknown field', () => post('{"username": "a", "password": "b", "role": "admin"}'), 400, 'invalid_request'],
    ['an array for a scalar', () => post('{"username": ["a"], "password": "b"}'), 400, 'invalid_request'],
    ['no body', () => post(''), 400, 'invalid_request'],
    ['text that looks like JSON', () => post('{"username": "a", "password": "b"}', 'text/plain'), 415, 'unsupported_media_type'],
    ['a form', () => post('username=a&password=b', 'application/x-www-form-urlencoded'), 415, 'unsupported_media_type'],
    ['a body of 4 MB', () => post(JSON.stringify({ username: 'a'.repeat(4_000_000), password: 'b' })), 413, 'too_large'],
    ['an unknown route', () => request(fairlead.url).get('/api/v1/nothing'), 404, 'route_not_found'],
    ['an unknown query key', () => request(fairlead.url).get('/api/v1/health/live?a=1'), 400, 'invalid_request'],
  ] as const)('%s is a clear error', async (_, ask, status, code) => {
    const answer = await ask();
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ code, message: expect.stringMatching(/./), requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    expect(answer.headers['cache-control']).toBe('private, no-store');
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
  });
});

describe('Postgres gone for a while', () => {
  it('requests fail clearly and recover by themselves, and acts are refused rather than unrecorded (L1)', async () => {
    const admin = await fairlead.admin();
    await admin.get('/me').expect(200);
    await fairlead.database.away();
    try {
      await expect
        .poll(async () => (await admin.post('/robots', { name: 'lost' })).body.code, { timeout: 10_000 })
        .toMatch(/audit_unavailable|database_unavailable/);
      await expect.poll(async () => (await request(fairlead.url).get('/api/v1/health/ready')).status, { timeout: 10_000 }).toBe(503);
      await request(fairlead.url).get('/api/v1/health/live').expect(200);
    } finally {
      await fairlead.database.back();
    }
    await expect.poll(async () => (await request(fairlead.url).get('/api/v1/health/ready')).status, { timeout: 10_000 }).toBe(200);
    await expect.poll(async () => (await admin.post('/robots', { name: 'found' })).status, { timeout: 10_000 }).toBe(201);
    const robots = await admin.get('/robots').expect(200);
    expect(robots.body.items.map((robot: { name: string }) => robot.name)).toEqual(['found']);
  });
});
