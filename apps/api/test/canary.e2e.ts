import { readFile } from 'node:fs/promises';
import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { everythingStored } from './support/everything-stored.js';
import { type Fairlead, startFairlead } from './support/fairlead.js';

// L3: strings that must never leave the place they were typed into are sent through every door, then looked for in every sink.
const canary = (name: string) => `canary-${name}-7f3a9c`;
const sinks: { log: string[]; answers: string[] } = { log: [], answers: [] };

let fairlead: Fairlead;
beforeAll(async () => {
  fairlead = await startFairlead({ log: (line) => sinks.log.push(line) });
});
afterAll(() => fairlead?.close());

const keep = <T extends { text: string }>(answer: T): T => {
  sinks.answers.push(answer.text ?? '');
  return answer;
};

it('finds no password, token, key or secret in logs, database, audit, answers or the environment (L3)', async () => {
  const admin = await fairlead.admin();
  const kubeconfig = (user: object, cluster: object = { server: 'https://127.0.0.1:1' }) =>
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'a',
      clusters: [{ name: 'a', cluster }],
      users: [{ name: 'a', user }],
      contexts: [{ name: 'a', context: { cluster: 'a', user: 'a' } }],
    });

  keep(
    await request(fairlead.url)
      .post('/api/v1/auth/sign-in')
      .send({ username: canary('name'), password: canary('password') }),
  );
  keep(
    await request(fairlead.url)
      .post('/api/v1/auth/sign-in')
      .send({ username: 'admin', password: canary('password') }),
  );
  keep(
    await request(fairlead.url)
      .post('/api/v1/auth/sign-in')
      .set('content-type', 'application/json')
      .send(`{"username":"admin","password":"${canary('broken-json')}`),
  );
  keep(
    await request(fairlead.url)
      .get(`/api/v1/me?token=${canary('query')}`)
      .set('authorization', `Bearer ${canary('bearer')}`),
  );
  keep(
    await request(fairlead.url)
      .get('/api/v1/me')
      .set('cookie', `fairlead=${canary('cookie')}`),
  );
  keep(await admin.post('/users', { name: 'canary-user', password: canary('user-password'), secret: canary('unknown-field') }));
  await admin.post('/users', { name: 'canary-user', password: canary('user-password') }).expect(201);
  keep(
    await (await fairlead.signIn('canary-user', canary('user-password'))).post('/me/password', {
      current: canary('user-password'),
      next: canary('next-password'),
    }),
  );
  for (const user of [
    { token: canary('cluster-token') },
    { exec: { command: canary('command'), apiVersion: 'x', env: [{ name: 'A', value: canary('exec-env') }] } },
    { username: 'a', password: canary('basic') },
    { 'client-key-data': Buffer.from(canary('key')).toString('base64') },
  ])
    keep(await admin.post('/clusters', { name: 'canary', kubeconfig: kubeconfig(user) }));
  keep(
    await admin.post('/clusters', {
      name: 'canary',
      kubeconfig: kubeconfig({ token: canary('cluster-token') }, { server: `https://u:${canary('userinfo')}@127.0.0.1:1` }),
    }),
  );
  const token = await admin.token({ name: 'canary token' });
  await request(fairlead.url).get('/api/v1/me').set('authorization', `Bearer ${token}`).expect(200);

  await fairlead.stop();
  const stored = await everythingStored(fairlead.database.adminUrl);
  const where = { log: sinks.log.join('\n'), stored, answers: sinks.answers.join('\n') };
  const secrets = [
    ...[
      'password',
      'broken-json',
      'query',
      'bearer',
      'cookie',
      'user-password',
      'unknown-field',
      'next-password',
      'cluster-token',
      'exec-env',
      'basic',
      'key',
      'userinfo',
    ].map(canary),
    token,
    admin.cookie.split('=')[1]!,
  ];
  const found = Object.entries(where).flatMap(([sink, text]) =>
    secrets
      .filter((secret) => text.includes(secret) || text.includes(Buffer.from(secret).toString('base64')))
      .map((secret) => `${secret} in ${sink}`),
  );
  expect(found).toEqual([]);
  // The search itself works: what is no secret is there.
  expect(stored).toContain('canary-user');
  expect(where.log.length).toBeGreaterThan(0);
  expect(await readFile(`${fairlead.dataDir}/secret-key`, 'utf8')).not.toBe('');
});
