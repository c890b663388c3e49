import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type NodeCluster, nodeCluster } from '../../../test/kubelet/node-cluster.js';
import { type IngressDoor, openIngress } from './ingress.js';
import { type Ingress, route } from './route.js';

const backend = (name: string) => ({ service: { name, port: { number: 80 } } });
const ingresses: readonly Ingress[] = [
  {
    metadata: { name: 'a', namespace: 'ns' },
    spec: {
      rules: [
        {
          host: 'a.test',
          http: {
            paths: [
              { path: '/', pathType: 'Prefix', backend: backend('root') },
              { path: '/api', pathType: 'Prefix', backend: backend('api') },
              { path: '/api/v1', pathType: 'Exact', backend: backend('exact') },
            ],
          },
        },
        { host: '*.wild.test', http: { paths: [{ path: '/', pathType: 'Prefix', backend: backend('wild') }] } },
      ],
    },
  },
  {
    metadata: { name: 'b', namespace: 'ns' },
    spec: { rules: [{ http: { paths: [{ path: '/any', pathType: 'Prefix', backend: backend('any') }] } }] },
  },
];

describe('route', () => {
  it.each([
    ['a.test', '/', 'root'],
    ['A.TEST', '/x', 'root'],
    ['a.test', '/api', 'api'],
    ['a.test', '/api/x', 'api'],
    ['a.test', '/apix', 'root'],
    ['a.test', '/api/v1', 'exact'],
    ['a.test', '/api/v1/', 'api'],
    ['b.wild.test', '/', 'wild'],
    ['c.b.wild.test', '/', undefined],
    ['wild.test', '/', undefined],
    ['other', '/any/thing', 'any'],
    ['a.test', '/any', 'root'],
    ['other', '/', undefined],
  ])('%s%s → %s', (host, path, service) => {
    expect(route(ingresses, host, path)?.service).toBe(service);
  });
});

describe('the door', () => {
  let cluster: NodeCluster;
  let door: IngressDoor;
  beforeAll(async () => {
    cluster = nodeCluster();
    const metadata = { namespace: 'default' };
    cluster.api.create('services', {
      metadata: { ...metadata, name: 'web' },
      spec: { clusterIP: '10.96.0.9', selector: { app: 'web' }, ports: [{ port: 80 }] },
    });
    cluster.api.create('services', {
      metadata: { ...metadata, name: 'empty' },
      spec: { clusterIP: '10.96.0.8', selector: { app: 'no' }, ports: [{ port: 80 }] },
    });
    const rule = (host: string, name: string) => ({ host, http: { paths: [{ path: '/', pathType: 'Prefix', backend: backend(name) }] } });
    cluster.api.create('ingresses.networking.k8s.io', {
      metadata: { ...metadata, name: 'web' },
      spec: { rules: [rule('web.test', 'web'), rule('empty.test', 'empty')] },
    });
    cluster.run('web', { image: 'nginx' });
    cluster.clock.advance(5000);
    door = await openIngress(cluster, 0);
  });
  afterAll(async () => {
    cluster.stop();
    await door.close();
  });

  const get = (host: string, path: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const outgoing = request({ host: '127.0.0.1', port: door.port, path, headers: { host }, agent: false }, (response) => {
        let text = '';
        response.on('data', (piece: Buffer) => {
          text += piece.toString('utf8');
        });
        response.on('end', () => resolve(`${response.statusCode} ${text}`));
      });
      outgoing.on('error', reject);
      outgoing.end();
    });

  it.each([
    ['web.test', '/', /^200 [\s\S]*Welcome to nginx!/],
    ['web.test:8080', '/nothing', /^404 [\s\S]*404 Not Found/],
    ['empty.test', '/', /^503 /],
    ['nobody.test', '/', /^404 default backend/],
  ])('%s%s', async (host, path, answer) => {
    expect(await get(host, path)).toMatch(answer);
  });
});
