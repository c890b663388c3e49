import type { KubeObject } from '@fairlead/kube/protocol';
import type { OpenApiSchema } from '../../src/schema/open-api.js';

type Random = () => number;
type Make = (random: Random) => unknown;

export interface TriedKind {
  resource: string;
  kind: string;
  apiVersion: string;
  /** Of the collection. */
  path: string;
  status?: boolean;
  custom?: boolean;
  make: Record<string, Make>;
}

const maybe =
  (make: Make, chance = 0.5): Make =>
  (random) =>
    random() < chance ? make(random) : undefined;
const oneOf =
  (...values: unknown[]): Make =>
  (random) =>
    values[Math.floor(random() * values.length)];
const object =
  (fields: Record<string, Make>): Make =>
  (random) => {
    const made: Record<string, unknown> = {};
    for (const [key, make] of Object.entries(fields)) {
      const value = make(random);
      if (value !== undefined) made[key] = value;
    }
    return made;
  };
/** Elements of these names, each once, in an order by chance. */
const keyed =
  (names: unknown[], key: string, fields: Record<string, Make>, chance = 0.5): Make =>
  (random) =>
    shuffled(names, random)
      .filter(() => random() < chance)
      .map((name) => ({ [key]: name, ...(object(fields)(random) as object) }));
const subset =
  (...values: unknown[]): Make =>
  (random) =>
    shuffled(values, random).filter(() => random() < 0.5);
const map = (...keys: string[]): Make => object(Object.fromEntries(keys.map((key) => [key, maybe(oneOf('1', '2', ''))])));

function shuffled<T>(values: readonly T[], random: Random): T[] {
  const order = values.map((value) => ({ value, at: random() }));
  return order.sort((a, b) => a.at - b.at).map(({ value }) => value);
}

const port = { containerPort: oneOf(80, 81, 82) };
const container = {
  image: maybe(oneOf('x:1', 'x:2'), 0.9),
  args: maybe(subset('a', 'b', 'c'), 0.3),
  env: maybe(keyed(['A', 'B', 'C', 'D'], 'name', { value: maybe(oneOf('1', '2', '')) })),
  ports: maybe(keyed([80, 81, 82], 'containerPort', { protocol: maybe(oneOf('TCP', 'UDP')), name: maybe(oneOf('a', 'b', 'c'), 0.2) })),
  resources: maybe(
    object({
      limits: maybe(object({ cpu: maybe(oneOf('1', '200m')), memory: maybe(oneOf('1Gi')) })),
      requests: maybe(object({ cpu: maybe(oneOf('100m')) })),
    }),
    0.3,
  ),
  securityContext: maybe(
    object({ privileged: maybe(oneOf(true, false)), capabilities: maybe(object({ add: maybe(subset('A', 'B')) })) }),
    0.2,
  ),
  tty: maybe(oneOf(true, false), 0.2),
};
const podSpec = object({
  containers: keyed(['a', 'b', 'c', 'd'], 'name', container, 0.7),
  initContainers: maybe(keyed(['i', 'j'], 'name', container), 0.2),
  nodeSelector: maybe(map('x', 'y'), 0.3),
  tolerations: maybe(keyed(['a', 'b'], 'key', { operator: oneOf('Exists') }), 0.3),
  imagePullSecrets: maybe(keyed(['p', 'q'], 'name', {}), 0.3),
  hostNetwork: maybe(oneOf(true, false), 0.2),
  securityContext: maybe(object({ runAsNonRoot: maybe(oneOf(true, false)), supplementalGroups: maybe(subset(1, 2, 3)) }), 0.3),
  volumes: maybe(keyed(['v', 'w'], 'name', { emptyDir: object({ medium: maybe(oneOf('', 'Memory')) }) }), 0.3),
  topologySpreadConstraints: maybe(
    keyed(['zone', 'host'], 'topologyKey', { maxSkew: oneOf(1, 2), whenUnsatisfiable: oneOf('DoNotSchedule', 'ScheduleAnyway') }),
    0.2,
  ),
});
const ingressPath = object({
  path: oneOf('/', '/a'),
  pathType: oneOf('Prefix', 'Exact'),
  backend: object({ service: object({ name: oneOf('x', 'y'), port: object({ number: oneOf(1, 2) }) }) }),
});

/** Kinds that no controller touches, so that every change is ours. */
export const kindsToTry: readonly TriedKind[] = [
  {
    resource: 'configmaps',
    kind: 'ConfigMap',
    apiVersion: 'v1',
    path: '/api/v1/namespaces/NAMESPACE/configmaps',
    make: { data: maybe(map('a', 'b', 'c', 'd'), 0.8), binaryData: maybe(object({ z: maybe(oneOf('YQ==', 'Yg==')) }), 0.3) },
  },
  {
    resource: 'podtemplates',
    kind: 'PodTemplate',
    apiVersion: 'v1',
    path: '/api/v1/namespaces/NAMESPACE/podtemplates',
    make: { template: object({ metadata: maybe(object({ labels: maybe(map('a', 'b')) })), spec: podSpec }) },
  },
  {
    resource: 'services',
    kind: 'Service',
    apiVersion: 'v1',
    path: '/api/v1/namespaces/NAMESPACE/services',
    status: true,
    make: {
      spec: object({
        ports: keyed(
          [80, 81, 82],
          'port',
          { name: oneOf('a', 'b', 'c', 'd', 'e', 'f'), protocol: maybe(oneOf('TCP', 'UDP')), targetPort: maybe(oneOf(80, 'http')) },
          0.8,
        ),
        selector: maybe(map('a', 'b')),
        publishNotReadyAddresses: maybe(oneOf(true, false), 0.3),
      }),
    },
  },
  {
    resource: 'ingresses',
    kind: 'Ingress',
    apiVersion: 'networking.k8s.io/v1',
    path: '/apis/networking.k8s.io/v1/namespaces/NAMESPACE/ingresses',
    status: true,
    make: {
      spec: object({
        rules: (random) => [object({ host: maybe(oneOf('a.b', 'c.d')), http: object({ paths: (r) => [ingressPath(r)] }) })(random)],
        // Without one, the server might choose one.
        ingressClassName: oneOf('x', 'y'),
        tls: maybe((random) => [object({ hosts: maybe(oneOf(['a.b'], ['c.d'])), secretName: maybe(oneOf('s')) })(random)], 0.4),
      }),
    },
  },
  {
    resource: 'networkpolicies',
    kind: 'NetworkPolicy',
    apiVersion: 'networking.k8s.io/v1',
    path: '/apis/networking.k8s.io/v1/namespaces/NAMESPACE/networkpolicies',
    make: {
      spec: object({
        podSelector: object({ matchLabels: maybe(map('a', 'b')) }),
        policyTypes: maybe(subset('Ingress', 'Egress')),
        ingress: maybe((random) => [
          object({ from: maybe(() => [{ podSelector: {} }]), ports: maybe((r) => [{ port: port.containerPort(r) }]) })(random),
        ]),
      }),
    },
  },
  {
    resource: 'roles',
    kind: 'Role',
    apiVersion: 'rbac.authorization.k8s.io/v1',
    path: '/apis/rbac.authorization.k8s.io/v1/namespaces/NAMESPACE/roles',
    make: {
      rules: maybe(
        (random) => [object({ apiGroups: oneOf([''], ['apps']), resources: oneOf(['pods']), verbs: oneOf(['get'], ['list']) })(random)],
        0.8,
      ),
    },
  },
  {
    resource: 'serviceaccounts',
    kind: 'ServiceAccount',
    apiVersion: 'v1',
    path: '/api/v1/namespaces/NAMESPACE/serviceaccounts',
    make: {
      secrets: maybe(keyed(['a', 'b', 'c'], 'name', {})),
      imagePullSecrets: maybe(keyed(['a', 'b'], 'name', {})),
      automountServiceAccountToken: maybe(oneOf(true, false)),
    },
  },
];

const text = { type: 'string' };
const keyedItems = {
  type: 'object',
  required: ['id'],
  properties: { id: text, n: { type: 'integer' }, tags: { type: 'array', items: text } },
};

/** A schema with each way to own a list or a map. */
export const widgetSchema: OpenApiSchema = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        size: { type: 'integer' },
        parts: { type: 'array', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['id'], items: keyedItems },
        set: { type: 'array', 'x-kubernetes-list-type': 'set', items: text },
        list: { type: 'array', items: text },
        whole: { type: 'object', 'x-kubernetes-map-type': 'atomic', properties: { a: text, b: text } },
        map: { type: 'object', additionalProperties: text },
        free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        either: { 'x-kubernetes-int-or-string': true },
        maybe: { ...text, nullable: true },
        two: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['a', 'b'],
          items: { type: 'object', required: ['a'], properties: { a: text, b: { ...text, default: 'x' }, n: { type: 'integer' } } },
        },
      },
    },
  },
};

export const widgetsOf = (group: string): TriedKind => ({
  resource: 'widgets',
  kind: 'Widget',
  apiVersion: `${group}/v1`,
  path: `/apis/${group}/v1/namespaces/NAMESPACE/widgets`,
  custom: true,
  make: {
    spec: maybe(
      object({
        size: maybe(oneOf(1, 2)),
        parts: maybe(keyed(['a', 'b', 'c'], 'id', { n: maybe(oneOf(1, 2)), tags: maybe(subset('x', 'y')) }), 0.6),
        set: maybe(subset('x', 'y', 'z')),
        list: maybe(subset('x', 'y')),
        whole: maybe(map('a', 'b'), 0.3),
        map: maybe(map('a', 'b', 'c')),
        free: maybe(object({ any: maybe(oneOf(1, 'x', [1], [{ a: 1 }])), thing: maybe(map('a', 'b')) })),
        either: maybe(oneOf(1, '50%')),
        maybe: maybe(oneOf('x', 'y', null), 0.3),
        two: maybe(keyed(['a', 'b'], 'a', { b: maybe(oneOf('x', 'y')), n: maybe(oneOf(1, 2)) })),
      }),
      0.9,
    ),
  },
});

export function randomConfig({ apiVersion, kind, make }: TriedKind, name: string, random: Random): KubeObject {
  const metadata = object({
    labels: maybe(map('l', 'm')),
    annotations: maybe(map('n', 'o'), 0.3),
    finalizers: maybe(subset('example.com/a', 'example.com/b', 'example.com/c'), 0),
    ownerReferences: maybe(keyed(['u', 'v'], 'uid', { apiVersion: oneOf('v1'), kind: oneOf('ConfigMap'), name: oneOf('x', 'y') }), 0),
  })(random) as object;
  return { apiVersion, kind, metadata: { name, ...metadata }, ...(object(make)(random) as object) };
}
