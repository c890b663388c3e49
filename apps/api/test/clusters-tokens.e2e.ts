import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { KubeClient } from '@fairlead/kube';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { MintedTokens } from '../src/features/clusters/minted-tokens.js';
import { type Clock, systemClock } from '../src/platform/clock.js';
import { until } from './support/cluster.js';
import { makeCertificate } from './support/cluster-proxy.js';

const { ca, cert, key } = makeCertificate('IP:127.0.0.1');
const hour = 3_600_000;
let nowMs = 0;
let answers: { path: string; authorization: string | undefined }[] = [];
let fails = false;
let server: https.Server;
let client: KubeClient;
let tokens: MintedTokens;
const clock: Clock = { ...systemClock, monotonicMs: () => nowMs };

beforeAll(async () => {
  server = https.createServer({ cert, key }, (request, response) => {
    request.resume().on('end', () => {
      answers.push({ path: request.url!, authorization: request.headers.authorization });
      const status = { kind: 'Status', status: 'Failure', code: 503, reason: 'ServiceUnavailable' };
      const body = fails
        ? status
        : { kind: 'TokenRequest', spec: { expirationSeconds: 3600 }, status: { token: `token-${answers.length}` } };
      response.writeHead(fails ? 503 : 201, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  client = new KubeClient({ server: `https://127.0.0.1:${port}`, ca, auth: { token: 'minter' } });
});
beforeEach(() => {
  nowMs = 0;
  answers = [];
  fails = false;
  tokens = new MintedTokens(client, clock);
});
afterAll(async () => {
  await client.close();
  server.close();
});

it('asks once for many, as the minter, for the account by name', async () => {
  expect(new Set(await Promise.all(Array.from({ length: 20 }, () => tokens.get('keeper'))))).toEqual(new Set(['token-1']));
  expect(answers).toEqual([{ path: '/api/v1/namespaces/fairlead-system/serviceaccounts/keeper/token', authorization: 'Bearer minter' }]);
});

it('keeps a token until 80 % of its life, then renews it beside its use', async () => {
  await tokens.get('observer');
  nowMs = hour * 0.79;
  expect(await tokens.get('observer')).toBe('token-1');
  expect(answers).toHaveLength(1);
  nowMs = hour * 0.81;
  expect(await tokens.get('observer')).toBe('token-1');
  await until(
    2_000,
    () => tokens.get('observer'),
    (token) => token === 'token-2',
  );
  expect(answers).toHaveLength(2);
});

it('serves the old one while renewing fails, and nothing once it has run out', async () => {
  await tokens.get('observer');
  fails = true;
  nowMs = hour * 0.9;
  expect(await tokens.get('observer')).toBe('token-1');
  nowMs = hour;
  await expect(tokens.get('observer')).rejects.toMatchObject({ code: 503 });
  fails = false;
  expect(await tokens.get('observer')).toMatch(/^token-/);
});

it('mints anew after a 401 made it forget', async () => {
  await tokens.get('impersonator');
  tokens.forget();
  expect(await tokens.get('impersonator')).toBe('token-2');
});
