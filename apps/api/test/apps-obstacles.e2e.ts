import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { KubeError, type KubeObject, resourcePath } from '@fairlead/kube';
import type { Obstacle } from '@fairlead/shared';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCertificate } from './support/cluster-proxy.js';
import { openShop, type Shop } from './support/shop.js';
import { alphaKubeconfig } from './support/test-cluster.js';

/** Twelve things that stand in a deploy's way: the plan names each before anything exists. */
describe.skipIf(!alphaKubeconfig)('obstacles on a real control plane', () => {
  let shop: Shop;
  let webhook: Server;
  /** A simulated cluster calls no webhook, and says so. */
  let callsWebhooks = true;
  const webhookName = () => `no-${shop.namespace}`;
  const api = '/projects/shop/apps';

  const make = (group: string, version: string, resource: string, object: object, namespaced = true) =>
    shop.cluster.admin.create(resourcePath({ group, version, resource, ...(namespaced && { namespace: shop.namespace }) }), {
      apiVersion: group ? `${group}/${version}` : version,
      ...object,
    } as KubeObject);

  beforeAll(async () => {
    shop = await openShop(alphaKubeconfig ?? '');
    const { ca, cert, key } = makeCertificate('IP:127.0.0.1');
    webhook = createServer({ cert, key }, (request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => {
        text += chunk;
      });
      request.on('end', () => {
        const { uid } = (JSON.parse(text) as { request: { uid: string } }).request;
        const status = { code: 403, message: 'images come from registry.example only' };
        response.end(
          JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response: { uid, allowed: false, status } }),
        );
      });
    });
    await new Promise<void>((resolve) => webhook.listen(0, '127.0.0.1', resolve));
    const { port } = webhook.address() as AddressInfo;
    await make(
      'admissionregistration.k8s.io',
      'v1',
      'validatingwebhookconfigurations',
      {
        kind: 'ValidatingWebhookConfiguration',
        metadata: { name: webhookName() },
        webhooks: [
          {
            name: 'images.example.com',
            admissionReviewVersions: ['v1'],
            sideEffects: 'None',
            clientConfig: { url: `https://127.0.0.1:${port}/`, caBundle: Buffer.from(ca).toString('base64') },
            namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': shop.namespace } },
            objectSelector: { matchLabels: { 'fairlead.dev/app': 'hooked' } },
            rules: [{ apiGroups: ['apps'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['deployments'] }],
          },
        ],
      },
      false,
    ).catch((error: unknown) => {
      if (!(error instanceof KubeError && error.code === 501)) throw error;
      callsWebhooks = false;
    });
    await make('', 'v1', 'resourcequotas', { kind: 'ResourceQuota', metadata: { name: 'team' }, spec: { hard: { pods: '4' } } });
    await make('', 'v1', 'limitranges', {
      kind: 'LimitRange',
      metadata: { name: 'small' },
      spec: { limits: [{ type: 'Container', max: { memory: '1Gi' } }] },
    });
    await make('', 'v1', 'configmaps', { kind: 'ConfigMap', metadata: { name: 'foreign' }, data: { a: 'b' } });
    await make('networking.k8s.io', 'v1', 'ingresses', {
      kind: 'Ingress',
      metadata: { name: 'other' },
      spec: {
        rules: [
          {
            host: `taken.${shop.namespace}.example`,
            http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'x', port: { number: 80 } } } }] },
          },
        ],
      },
    });
    await shop.dev.post(api, shop.app('stands', { kind: 'manifests', yaml: deployment('stands', { app: 'stands' }) })).expect(202);
  });
  afterAll(async () => {
    webhook?.close();
    await shop?.cluster.admin
      .remove(
        resourcePath({
          group: 'admissionregistration.k8s.io',
          version: 'v1',
          resource: 'validatingwebhookconfigurations',
          name: webhookName(),
        }),
      )
      .catch(() => {});
    await shop?.close();
  });

  const deployment = (name: string, selector: object, more = '') => `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  selector: {matchLabels: ${JSON.stringify(selector)}}
  template:
    metadata: {labels: ${JSON.stringify(selector)}}
    spec: {containers: [{name: a, image: 'nginx:1.27'}]${more}}
`;
  const manifests = (yaml: string) => ({ kind: 'manifests', yaml });
  const hardlyAnything = async (): Promise<string[]> => {
    const kinds: [string, string][] = [
      ['apps', 'deployments'],
      ['', 'services'],
      ['', 'configmaps'],
      ['networking.k8s.io', 'ingresses'],
      ['policy', 'poddisruptionbudgets'],
    ];
    const lists = await Promise.all(
      kinds.map(([group, resource]) =>
        shop.cluster.admin.list(resourcePath({ group, version: 'v1', resource, namespace: shop.namespace })),
      ),
    );
    return lists.flatMap(({ items }) => items.map(({ metadata }) => metadata.name)).sort();
  };

  it.each<[string, string, () => object, RegExp, string, Obstacle['severity']]>([
    [
      'quota',
      'a',
      () => ({ image: 'nginx', replicas: 9 }),
      /the quota team has 4 of pods, \d of it used: 9 more do not fit/,
      'Deployment/a',
      'blocks',
    ],
    [
      'limit range',
      'b',
      () => ({ image: 'nginx', resources: { memory: '2Gi', memoryLimit: '2Gi' } }),
      /maximum memory usage per Container is 1Gi/,
      'Deployment/b',
      'blocks',
    ],
    [
      'Pod Security',
      'c',
      () => manifests(deployment('c', { app: 'c' }, ', hostNetwork: true')),
      /Pod Security level baseline.*hostNetwork/,
      'Deployment/c',
      'blocks',
    ],
    ['webhook denial', 'hooked', () => ({ image: 'nginx' }), /images come from registry.example only/, 'Deployment/hooked', 'blocks'],
    [
      'missing secret',
      'd',
      () => ({ image: 'nginx', secrets: [{ secret: 'absent' }] }),
      /the Secret absent .* is not there/,
      'Deployment/d',
      'warns',
    ],
    [
      'taken host',
      'e',
      () => ({ image: 'nginx', port: 80, host: `taken.${shop.namespace}.example` }),
      /host .* is taken/,
      'Ingress/e',
      'blocks',
    ],
    [
      'no ingress class',
      'f',
      () => ({ image: 'nginx', port: 80, host: `f.${shop.namespace}.example`, ingressClass: 'absent' }),
      /no ingress class absent/,
      'Ingress/f',
      'blocks',
    ],
    [
      'no right on an object',
      'g',
      () => manifests('apiVersion: v1\nkind: LimitRange\nmetadata: {name: g}\nspec: {limits: [{type: Pod, max: {cpu: 8}}]}\n'),
      /your role does not allow to (create|patch) limitranges/,
      'LimitRange/g',
      'blocks',
    ],
    ['bad image name', 'h', () => ({ image: 'Nginx:Latest!' }), /Nginx:Latest! is no name of an image/, 'Deployment/h', 'blocks'],
    [
      'port clash',
      'i',
      () => ({ image: 'nginx', port: 80, ports: [{ name: 'more', port: 80 }] }),
      /port 80\/TCP is named twice/,
      'Deployment/i',
      'blocks',
    ],
    [
      'name clash with a foreign object',
      'j',
      () => manifests('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: foreign}\ndata: {a: c}\n'),
      /already a ConfigMap called foreign/,
      'ConfigMap/foreign',
      'blocks',
    ],
  ])('%s', async (_, name, spec, reason, object, severity) => {
    if (name === 'hooked' && !callsWebhooks) return expect(callsWebhooks).toBe(false);
    const before = await hardlyAnything();
    const { body } = await shop.dev.post('/projects/shop/plan', shop.app(name, spec())).expect(200);
    const found = (body.obstacles as Obstacle[]).filter((each) => reason.test(each.reason));
    expect(found, JSON.stringify(body.obstacles)).toEqual([
      { object, field: found[0]?.field ?? null, reason: expect.stringMatching(reason), severity },
    ]);
    expect(body.clean).toBe(false);
    if (severity === 'blocks') expect((await shop.dev.post(api, shop.app(name, spec())).expect(422)).body.code).toBe('plan_blocked');
    expect(await hardlyAnything()).toEqual(before);
  });

  it('immutable field', async () => {
    const changed = { spec: { yaml: deployment('stands', { app: 'another' }) } };
    const { body } = await shop.dev.post(`${api}/stands/plan`, changed).expect(200);
    expect(body.obstacles).toEqual([
      {
        object: 'Deployment/stands',
        field: 'spec.selector',
        reason: expect.stringMatching(/cannot be changed while the object lives/),
        severity: 'blocks',
      },
    ]);
  });

  it('counts only what is more than lives: the same size again is no obstacle', async () => {
    await shop.dev.post(`${api}/stands/scale`, { replicas: 3 }).expect(202);
    const { body } = await shop.dev.post(`${api}/stands/plan`, { spec: { image: 'nginx:1.28' } }).expect(200);
    expect(body.obstacles.filter((each: Obstacle) => each.severity === 'blocks')).toEqual([]);
    const more = await shop.dev.post(`${api}/stands/plan`, { spec: { replicas: 8 } }).expect(200);
    expect(more.body.obstacles[0]).toMatchObject({ severity: 'blocks', reason: expect.stringMatching(/5 more do not fit/) });
  });
});
