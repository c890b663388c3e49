import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { ApiError, addressOf, call, fillPath, queryString } from './api';
import { routes } from './routes';
import { sessionEnded } from './session-ended';

let seen: { method?: string; url?: string; headers: NodeJS.Dict<string | string[]>; body: string } = { headers: {}, body: '' };
let answer: { status: number; body: string } = { status: 200, body: '{}' };
const server = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk) => {
    body += chunk;
  });
  request.on('end', () => {
    seen = { method: request.method, url: request.url, headers: request.headers, body };
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.status === 204 ? undefined : answer.body);
  });
});
const realFetch = globalThis.fetch;

beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  // A browser completes addresses with its page's origin.
  globalThis.fetch = (input, init) => realFetch(new URL(String(input), origin), init);
});
afterAll(() => {
  globalThis.fetch = realFetch;
  server.close();
});

it('fills paths and queries, escaped', () => {
  expect(fillPath('/projects/:project/apps/:app', { project: 'shop', app: 'a/b' })).toBe('/projects/shop/apps/a%2Fb');
  expect(queryString({ q: 'a b', empty: undefined, none: '' })).toBe('?q=a+b');
  expect(addressOf(routes.listAudit, { query: { actor: 'ana' } })).toBe('/api/v1/audit?actor=ana');
});

it('sends method, body and If-Match, and reads the answer', async () => {
  answer = { status: 202, body: '{"ok":true}' };
  const result = await call(routes.changeApp, { params: { project: 'shop', app: 'web' }, body: { spec: { replicas: 5 } }, ifMatch: 41 });
  expect(result).toEqual({ ok: true });
  expect(seen).toMatchObject({ method: 'PATCH', url: '/api/v1/projects/shop/apps/web', body: '{"spec":{"replicas":5}}' });
  expect(seen.headers['if-match']).toBe('"41"');
});

it('throws what the API said, with the field', async () => {
  answer = {
    status: 400,
    body: JSON.stringify({
      code: 'invalid_request',
      message: 'No.',
      requestId: 'r1',
      issues: [{ path: 'name', message: 'must not be empty' }],
    }),
  };
  const error = await call(routes.listClusters, {}).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ code: 'invalid_request', status: 400, requestId: 'r1' });
  expect((error as ApiError).issue('name')).toBe('must not be empty');
});

it('tells the page when the session has ended', async () => {
  const heard = vi.fn();
  const stop = sessionEnded.subscribe(heard);
  answer = { status: 401, body: JSON.stringify({ code: 'not_signed_in', message: 'Sign in.', requestId: 'r2' }) };
  await expect(call(routes.getMe, {})).rejects.toMatchObject({ status: 401 });
  expect(heard).toHaveBeenCalledOnce();
  stop();
});

it('an answer without a reason is still an ApiError', async () => {
  answer = { status: 502, body: '<html>' };
  await expect(call(routes.getMe, {})).rejects.toMatchObject({ code: 'no_answer', status: 502 });
});
