import { describe, expect, it } from 'vitest';
import type { Pod } from '../observed/shapes.js';
import { dnsNames, domainIn } from './dns-names.js';
import { endpointRows } from './endpoint-rows.js';
import { ingressControllers } from './ingress-controllers.js';
import { routesIn } from './routes-in.js';
import { serviceRow } from './service-row.js';
import type { NetEndpointSlice, NetIngress, NetService } from './shapes.js';
import { spreadWords } from './spread.js';

const service = (spec: NetService['spec'], more: Partial<NetService> = {}): NetService => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'shop' },
  spec,
  ...more,
});
const slice = (
  endpoints: NetEndpointSlice['endpoints'],
  ports: NetEndpointSlice['ports'] = [{ name: 'http', port: 8080 }],
): NetEndpointSlice => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { name: 'web-x', namespace: 'shop', labels: { 'kubernetes.io/service-name': 'web' } },
  endpoints,
  ports,
});
const pod = (name: string, more: Partial<Pod> = {}): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'shop', uid: name, labels: { app: 'web' } },
  ...more,
});

describe('names', () => {
  it('has every form of a Service, and SRV for named ports', () => {
    const ports = [{ name: 'http', port: 80 }, { port: 81 }, { name: 'stats', port: 8125, protocol: 'UDP' }];
    expect(dnsNames(service({ clusterIP: '10.0.0.1', ports }), [], 'k8s.example').map(({ name }) => name)).toEqual([
      'web',
      'web.shop',
      'web.shop.svc',
      'web.shop.svc.k8s.example',
      '_http._tcp.web.shop.svc.k8s.example',
      '_stats._udp.web.shop.svc.k8s.example',
    ]);
  });

  it('names the pods of a headless Service that have host names, in the order of their numbers', () => {
    const hosts = ['web-10', 'web-2', undefined].map((hostname, i) => ({ addresses: [`10.1.0.${i}`], ...(hostname && { hostname }) }));
    const names = dnsNames(service({ clusterIP: 'None' }), [slice(hosts)], 'cluster.local').filter(({ kind }) => kind === 'pod');
    expect(names).toEqual([
      { name: 'web-2.web.shop.svc.cluster.local', kind: 'pod', words: 'one pod; answers with 10.1.0.1' },
      { name: 'web-10.web.shop.svc.cluster.local', kind: 'pod', words: 'one pod; answers with 10.1.0.0' },
    ]);
    expect(dnsNames(service({ clusterIP: '10.0.0.1' }), [slice(hosts)], 'cluster.local').some(({ kind }) => kind === 'pod')).toBe(false);
  });

  it.each([
    ['.:53 {\n  errors\n  kubernetes cluster.local in-addr.arpa ip6.arpa {\n', 'cluster.local'],
    ['.:53 {\n\tkubernetes k8s.example.com {\n', 'k8s.example.com'],
    ['.:53 {\n  forward . /etc/resolv.conf\n', null],
    ['.:53 {\n  kubernetes in-addr.arpa {\n', null],
  ])('reads the domain of %j', (corefile, expected) => {
    expect(domainIn(corefile)).toBe(expected);
  });
});

describe('endpoints', () => {
  const rows = (endpoints: NetEndpointSlice['endpoints'], pods: Pod[] = []) =>
    endpointRows({ endpointSlices: [slice(endpoints)], pods, eventsOf: () => [] }, new Date('2026-01-01T00:00:00Z'));
  const targetRef = { kind: 'Pod', name: 'web-1', uid: 'web-1' };

  it('says address, pod, node, zone and ports of a ready one; what is left out is ready', () => {
    const hints = { forZones: [{ name: 'a' }] };
    expect(rows([{ addresses: ['10.1.0.1'], targetRef, nodeName: 'n1', zone: 'a', hints }])).toEqual([
      {
        key: 'web 10.1.0.1 http 8080/TCP web-1',
        service: 'web',
        address: '10.1.0.1',
        ports: ['http 8080/TCP'],
        pod: 'web-1',
        node: 'n1',
        zone: 'a',
        ready: true,
        serving: true,
        terminating: false,
        why: null,
        forZones: ['a'],
      },
    ]);
  });

  it.each<[string, object, Pod[], string]>([
    ['its pod is ending', { ready: false, serving: true, terminating: true }, [], 'its pod is ending; it answers what it has begun'],
    ['its pod has ended', { ready: false, serving: false, terminating: true }, [], 'its pod is ending'],
    ['its pod is gone', { ready: false }, [], 'its pod is not there'],
    ['its pod starts', { ready: false }, [pod('web-1')], 'its pod is starting'],
    [
      'its pod crashes',
      { ready: false },
      [
        pod('web-1', {
          status: { containerStatuses: [{ name: 'app', restartCount: 2, state: { waiting: { reason: 'CrashLoopBackOff' } } }] },
        }),
      ],
      'CrashLoopBackOff',
    ],
  ])('says why one is not ready: %s', (_name, conditions, pods, why) => {
    const [row] = rows([{ addresses: ['10.1.0.1'], targetRef, conditions }], pods);
    expect(row?.ready).toBe(false);
    expect(row?.why).toContain(why === 'CrashLoopBackOff' ? '' : why);
    expect(row?.why).toBeTruthy();
  });
});

describe('why nothing is behind a Service', () => {
  const why = (spec: NetService['spec'], pods: Pod[]) =>
    serviceRow(service(spec), { domain: 'cluster.local', slices: [], endpoints: [], pods }).empty;
  it.each<[string, NetService['spec'], Pod[], RegExp]>([
    ['no selector', {}, [], /no selector/],
    ['no pod fits', { selector: { app: 'x' } }, [pod('a')], /No pod of the namespace has the labels that it selects: app=x\./],
    ['a pod without address', { selector: { app: 'web' } }, [pod('a')], /The pod that it selects has no address yet/],
    ['two of them', { selector: { app: 'web' } }, [pod('a'), pod('b')], /The 2 pods that it selects have no address yet/],
    ['one that is late', { selector: { app: 'web' } }, [pod('a', { status: { podIP: '10.1.0.1' } })], /not in its EndpointSlices yet/],
    ['a name for something else', { type: 'ExternalName', externalName: 'db.example' }, [], /outside/],
  ])('%s', (_name, spec, pods, expected) => {
    expect(why(spec, pods)).toMatch(expected);
  });
});

it.each<[string, NetService['spec'], boolean, RegExp]>([
  ['evenly', {}, false, /any ready endpoint/],
  ['by client', { sessionAffinity: 'ClientIP' }, false, /same endpoint for 3 h/],
  ['for a while', { sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds: 90 } } }, false, /for 90 s/],
  ['on the node only', { internalTrafficPolicy: 'Local' }, false, /own node/],
  ['from outside on the node only', { type: 'LoadBalancer', externalTrafficPolicy: 'Local' }, false, /address of the client is kept/],
  ['in the zone', { trafficDistribution: 'PreferClose' }, true, /same zone are preferred \(PreferClose\)\.$/],
  ['in the zone, without hints', { trafficDistribution: 'PreferSameZone' }, false, /gives no hints now/],
  ['by the clients', { clusterIP: 'None' }, false, /Headless/],
])('traffic is spread %s', (_name, spec, hinted, expected) => {
  expect(spreadWords(service(spec), hinted).join('\n')).toMatch(expected);
});

const ingress = (name: string, spec: NetIngress['spec'], ip?: string): NetIngress => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name, namespace: 'shop' },
  spec,
  ...(ip && { status: { loadBalancer: { ingress: [{ ip }] } } }),
});

it("finds the routes to an app's Services, also those of others", () => {
  const to = (service: string) => ({ backend: { service: { name: service, port: { number: 80 } } } });
  const found = routesIn(
    [
      ingress(
        'web',
        {
          ingressClassName: 'nginx',
          rules: [{ host: 'a.example', http: { paths: [{ path: '/x', pathType: 'Exact', ...to('web') }, to('other')] } }],
          tls: [{ hosts: ['*.example'], secretName: 'star' }],
        },
        '192.0.2.1',
      ),
      ingress('all', { defaultBackend: to('web').backend }),
    ],
    new Set(['web']),
    new Set(['web']),
  );
  expect(found).toEqual([
    {
      ingress: 'web',
      ofApp: true,
      host: 'a.example',
      path: '/x',
      pathType: 'Exact',
      service: 'web',
      port: '80',
      class: 'nginx',
      tlsSecret: 'star',
      addresses: ['192.0.2.1'],
    },
    expect.objectContaining({ ingress: 'all', ofApp: false, host: '*', path: '/', tlsSecret: null, addresses: [] }),
  ]);
});

it('sees an ingress controller by the address that its Service shares with routes, or by the labels of its pods', () => {
  const shared: NetService = {
    ...service({ type: 'LoadBalancer' }),
    metadata: { name: 'traefik', namespace: 'kube-system' },
    status: { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } },
  };
  const labelled = {
    ...pod('c'),
    metadata: { name: 'c', namespace: 'ingress-nginx', labels: { 'app.kubernetes.io/name': 'ingress-nginx' } },
  };
  expect(ingressControllers([ingress('web', {}, '192.0.2.1')], [shared], [labelled, pod('web-1')])).toEqual([
    { namespace: 'ingress-nginx', name: 'ingress-nginx', seenBy: 'pods there are labelled ingress-nginx' },
    { namespace: 'kube-system', name: 'traefik', seenBy: 'its Service traefik has the address 192.0.2.1, as the routes do' },
  ]);
});
