import { answer, answerText, send } from './answer.js';
import type { DoorContext } from './door-context.js';
import { type Exchange, param } from './exchange.js';
import { negotiate } from './negotiation.js';
import { noSuchMethod, noSuchResource } from './refusal.js';
import { version } from './version.js';

const healthPaths: ReadonlySet<string> = new Set(['/healthz', '/livez', '/readyz']);
const checks = ['ping', 'log', 'etcd', 'poststarthook/start-sandbox-controllers', 'poststarthook/rbac/bootstrap-roles'];

/** What is no resource: discovery, OpenAPI, health, the version. */
export function serveNonResource(door: DoorContext, exchange: Exchange): Promise<void> {
  const { request } = exchange;
  const parts = exchange.info.path.split('/').filter((part) => part !== '');
  const [first = '', second = '', third = ''] = parts;
  const found = parts.length <= 3 || first === 'openapi' ? page(door, exchange, first, second, third, parts.length) : undefined;
  if (!found) return answerNoPage(door, exchange);
  if (request.method !== 'GET' && !(request.method === 'HEAD' && hasHead(parts))) throw noSuchMethod();
  return found();
}

/** Below a group that is served it is a resource that is missing; elsewhere a page. */
export function answerNoPage({ discovery }: DoorContext, exchange: Exchange): Promise<void> {
  const [, first = '', second = ''] = exchange.target.path.split('/');
  if (first === 'api' || (first === 'apis' && discovery.oneGroup(second) !== undefined)) throw noSuchResource();
  return answerText(exchange, 404, '404 page not found\n');
}

/** Some pages are routes for GET alone. */
const hasHead = ([first = '', , third = '']: readonly string[]): boolean =>
  first !== 'version' && first !== 'api' && !(first === 'apis' && third !== '');

type Page = (() => Promise<void>) | undefined;

function page(door: DoorContext, exchange: Exchange, first: string, second: string, third: string, length: number): Page {
  const { discovery } = door;
  const json = (body: object | undefined): Page =>
    body &&
    (() =>
      answer(
        exchange,
        200,
        body,
        negotiate(exchange.request.headers.accept, () => false),
      ));
  const host = exchange.request.headers.host ?? '';
  if (length === 0) return json({ paths: paths(door) });
  if (healthPaths.has(`/${first}`)) return () => health(exchange, first, second);
  if (length === 1 && first === 'version')
    return () => answer(exchange, 200, version, { format: 'json', shape: 'as it is', pretty: true, parameters: {} });
  if (length === 1 && first === 'api') return () => root(door, exchange, 'api', discovery.coreVersions(host));
  if (length === 1 && first === 'apis') return () => root(door, exchange, 'apis', discovery.groupList());
  if (length === 2 && first === 'api') return json(discovery.resourceList('', second));
  if (length === 2 && first === 'apis') return json(discovery.oneGroup(second));
  if (length === 3 && first === 'apis') return json(discovery.resourceList(second, third));
  if (first === 'openapi' && second === 'v3') return openApi(door, exchange);
  if (first === 'openapi' && second === 'v2' && length === 2) return () => emptySwagger(exchange);
  return undefined;
}

function root(door: DoorContext, exchange: Exchange, name: 'api' | 'apis', plain: object): Promise<void> {
  const asked = (parameters: Readonly<Record<string, string>>): boolean =>
    parameters.g === 'apidiscovery.k8s.io' &&
    (parameters.v === 'v2' || parameters.v === 'v2beta1') &&
    parameters.as === 'APIGroupDiscoveryList';
  const accepted = negotiate(exchange.request.headers.accept, asked);
  exchange.response.setHeader('Vary', 'Accept');
  if (!accepted.parameters.as) return answer(exchange, 200, plain, accepted);
  const { body, etag } = door.discovery.aggregated(name, accepted.parameters.v === 'v2' ? 'v2' : 'v2beta1');
  exchange.response.setHeader('ETag', etag);
  exchange.response.setHeader('Cache-Control', 'public');
  if (exchange.request.headers['if-none-match'] === etag) return notModified(exchange);
  const type = `application/json;g=apidiscovery.k8s.io;v=${accepted.parameters.v};as=APIGroupDiscoveryList`;
  return answer(exchange, 200, body, accepted, type);
}

function notModified({ response }: Exchange): Promise<void> {
  response.statusCode = 304;
  response.end();
  return Promise.resolve();
}

function health(exchange: Exchange, name: string, check: string): Promise<void> {
  if (check !== '') return answerText(exchange, checks.includes(check) ? 200 : 404, checks.includes(check) ? 'ok' : '404 page not found\n');
  if (param(exchange, 'verbose') === undefined) return answerText(exchange, 200, 'ok');
  return answerText(exchange, 200, `${checks.map((each) => `[+]${each} ok\n`).join('')}${name} check passed\n`);
}

/** kubectl asks for the old form where the new one does not know a kind, and must hear that this one does not either. */
function emptySwagger(exchange: Exchange): Promise<void> {
  const { accept = '' } = exchange.request.headers;
  const protobuf = /application\/com\.github\.proto-openapi\.spec\.v2(@|\.)v1\.0\+protobuf/.test(accept);
  if (protobuf) return send(exchange, 200, 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf', Buffer.from('\n\x032.0'));
  const document = { swagger: '2.0', info: { title: 'Kubernetes', version: version.gitVersion }, paths: {} };
  return answer(
    exchange,
    200,
    document,
    negotiate(accept, () => false),
  );
}

/** The index names each document with its hash, so that a client keeps what it knows. */
function openApi(door: DoorContext, exchange: Exchange): Page {
  const { formats, discovery } = door;
  if (!formats) return undefined;
  const rest = exchange.info.path.replace(/^\/openapi\/v3\/?/, '');
  if (rest === '') {
    const index = Object.fromEntries(
      discovery.versions().flatMap(({ group, version: each }) => {
        const name = group === '' ? `api/${each}` : `apis/${group}/${each}`;
        const tag = formats.openApiHash(group, each);
        return tag === undefined ? [] : [[name, { serverRelativeURL: `/openapi/v3/${name}?hash=${tag}` }]];
      }),
    );
    return () =>
      answer(
        exchange,
        200,
        { paths: index },
        negotiate(exchange.request.headers.accept, () => false),
      );
  }
  const [, group = '', each = ''] = /^(?:api|apis\/([^/]+))\/([^/]+)$/.exec(rest) ?? [];
  const document = each === '' ? undefined : formats.openApi(group, each);
  if (!document) return undefined;
  return () => {
    const tag = formats.openApiHash(group, each) ?? '';
    exchange.response.setHeader('ETag', `"${tag}"`);
    if (param(exchange, 'hash') === tag) exchange.response.setHeader('Cache-Control', 'public, immutable');
    return answer(
      exchange,
      200,
      document,
      negotiate(exchange.request.headers.accept, () => false),
    );
  };
}

function paths({ discovery }: DoorContext): string[] {
  const served = discovery
    .versions()
    .flatMap(({ group, version: each }) =>
      group === '' ? ['/api', `/api/${each}`] : ['/apis', `/apis/${group}`, `/apis/${group}/${each}`],
    );
  return [...new Set([...served, ...healthPaths, '/openapi/v3', '/version'])].sort();
}
