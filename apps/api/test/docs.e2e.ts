import { Validator } from '@seriousme/openapi-schema-validator';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenApi } from '../src/features/docs/openapi.js';
import { implementedRoutes } from '../src/platform/http/implements.js';
import { type Fairlead, startFairlead } from './support/fairlead.js';

let fairlead: Fairlead;
let api: OpenApi;
beforeAll(async () => {
  fairlead = await startFairlead();
  api = (
    await request(fairlead.url)
      .get('/api/v1/openapi.json')
      .expect(200)
      .expect('content-type', /application\/json/)
  ).body;
});
afterAll(() => fairlead?.close());

const operations = () => Object.values(api.paths).flatMap((methods) => Object.values(methods));

describe('the OpenAPI document', () => {
  it('keeps the rules of OpenAPI 3.1', async () => {
    const result = await new Validator().validate({ ...structuredClone(api) });
    expect(result.errors ?? []).toEqual([]);
    expect(result.valid).toBe(true);
  });

  it('has every route that is implemented, under an id of its own', () => {
    expect(operations()).toHaveLength(implementedRoutes().length);
    expect(new Set(operations().map(({ operationId }) => operationId)).size).toBe(operations().length);
  });

  it('every reference leads somewhere', () => {
    const names = [...JSON.stringify(api).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name!);
    expect(names.length).toBeGreaterThan(10);
    expect(names.filter((name) => !(name in api.components.schemas))).toEqual([]);
  });

  it('describes what is sent apart from what is answered', () => {
    const create = api.paths['/tokens']?.post;
    expect(create?.requestBody?.content['application/json']?.schema).toMatchObject({ type: 'object', additionalProperties: false });
    expect(api.components.schemas.Token).toMatchObject({ type: 'object', properties: { name: {} } });
    expect(api.components.schemas.Token).not.toHaveProperty('additionalProperties');
  });

  it('says which permission a route needs, how to authenticate, and what an error is', () => {
    expect(api.paths['/users']?.get).toMatchObject({
      description: expect.stringContaining('users.manage'),
      security: [{ bearer: [] }, { session: [] }],
    });
    expect(api.paths['/health/live']?.get?.security).toEqual([]);
    expect(api.components.schemas.Error).toMatchObject({ required: ['code', 'message', 'requestId'] });
  });
});

describe('the page for people', () => {
  it('has every route, runs no script and loads nothing', async () => {
    const page = await request(fairlead.url)
      .get('/api/docs')
      .expect(200)
      .expect('content-type', /text\/html/);
    expect(page.headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'unsafe-inline';/);
    for (const { operationId } of operations()) expect(page.text).toContain(`id="${operationId}"`);
    expect(page.text).not.toMatch(/<script|<img|<link|\son\w+=|undefined|\[object/);
    const targets = [...page.text.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id!);
    expect(targets.filter((id) => !page.text.includes(`id="${id}"`))).toEqual([]);
  });

  it('leaves no entry in the audit log, nor does health', async () => {
    await request(fairlead.url).get('/api/docs').expect(200);
    await request(fairlead.url).get('/api/v1/health/ready').expect(200);
    const auditor = await fairlead.person('auditor', ['auditor']);
    const { body } = await auditor.get('/audit?action=health.*').expect(200);
    expect(body.items).toEqual([]);
  });
});
