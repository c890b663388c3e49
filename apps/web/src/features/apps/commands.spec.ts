import type { AppSpec } from '@fairlead/shared';
import { ImageSpec } from '@fairlead/shared';
import { describe, expect, it } from 'vitest';
import * as commands from './commands';

const at: commands.CommandTarget = {
  project: 'shop',
  app: 'web',
  cluster: 'prod',
  namespace: 'shop-prod',
  workload: { kind: 'Deployment', name: 'web' },
};
const k = 'kubectl --context fairlead-prod -n shop-prod';
const curl = (method: string, path: string) =>
  `curl -X ${method} /api/v1/projects/shop/apps/web${path} \\\n  -H "Authorization: Bearer $FAIRLEAD_TOKEN"`;
const sent = (body: string) => ` \\\n  -H 'Content-Type: application/json' \\\n  -d '${body}'`;
const applied = (revision: number) =>
  `curl -sS -H "Authorization: Bearer $FAIRLEAD_TOKEN" /api/v1/projects/shop/apps/web/revisions/${revision} \\\n  | jq -r .manifests \\\n  | ${k} apply --server-side --field-manager=fairlead --force-conflicts -f -`;
const objects = [
  { kind: 'Deployment', name: 'web' },
  { kind: 'Service', name: 'web' },
];

describe('an act as commands', () => {
  it.each<[string, { kubectl?: string; rest?: string }, string | undefined, string]>([
    ['scale', commands.scaleCommands(at, 3), `${k} scale deployment/web --replicas=3`, curl('POST', '/scale') + sent('{"replicas":3}')],
    ['restart', commands.restartCommands(at), `${k} rollout restart deployment/web`, curl('POST', '/restart')],
    ['roll back', commands.rollbackCommands(at, 2), applied(2), curl('POST', '/rollback') + sent('{"revision":2}')],
    [
      'roll back and hold',
      commands.rollbackCommands(at, 2, { conflicts: [{ object: 'Deployment/web', choice: 'leave' }], hold: { reason: "it's bad" } }),
      applied(2),
      curl('POST', '/rollback') +
        sent(`{"revision":2,"conflicts":[{"object":"Deployment/web","choice":"leave"}],"hold":{"reason":"it'\\''s bad"}}`),
    ],
    ['undo', commands.undoCommands(at, 4), applied(3), curl('POST', '/undo') + sent('{"revision":4}')],
    ['put drift back', commands.correctCommands(at, 4), applied(4), curl('POST', '/correct')],
    ['lift the hold', commands.liftHoldCommands(at), undefined, curl('DELETE', '/hold')],
    ['policies', commands.policiesCommands(at, { drift: 'show' }), undefined, curl('PATCH', '/policies') + sent('{"drift":"show"}')],
    [
      'take over',
      commands.takeOverCommands(at, { object: 'Deployment/web', field: 'spec.replicas' }, 4),
      undefined,
      `${curl('PATCH', '')} \\\n  -H 'If-Match: "4"'${sent('{"spec":{},"conflicts":[{"object":"Deployment/web","field":"spec.replicas","choice":"take-over"}]}')}`,
    ],
    ['export', commands.exportCommands(at, objects), `${k} get deployment/web service/web -o yaml`, curl('GET', '/export')],
    [
      'delete',
      commands.deleteCommands(at, objects),
      `${k} delete deployment/web service/web`,
      curl('DELETE', '') + sent('{"confirm":"web"}'),
    ],
    ['delete a pod', commands.deletePodCommands(at, 'web-1'), `${k} delete pod web-1`, curl('DELETE', '/pods/web-1')],
    [
      'drill: rollout',
      commands.drillCommands(at, 'rollout'),
      `${k} rollout restart deployment/web`,
      curl('POST', '/drills') + sent('{"kind":"rollout"}'),
    ],
    ['drill: kill', commands.drillCommands(at, 'kill-pod'), `${k} delete pod POD`, curl('POST', '/drills') + sent('{"kind":"kill-pod"}')],
    [
      'drill: empty a node',
      commands.drillCommands(at, 'drain-node'),
      `# for each pod of it on the node; 429 is the disruption budget saying: not now\necho '{"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":"POD","namespace":"shop-prod"}}' \\\n  | ${k} create --raw /api/v1/namespaces/shop-prod/pods/POD/eviction -f -`,
      curl('POST', '/drills') + sent('{"kind":"drain-node"}'),
    ],
  ])('%s', (_, found, kubectl, rest) => expect(found).toEqual({ ...(kubectl && { kubectl }), rest }));
});

const spec = (more: object = {}): AppSpec =>
  ImageSpec.parse({ image: 'nginx:1.27', port: 80, replicas: 2, env: [{ name: 'A', value: '1' }], ...more });
const scaling = { autoscaling: { minReplicas: 2, maxReplicas: 5, cpuPercent: 60 }, resources: { cpu: '100m' } };
const yaml = `${k} apply --server-side --field-manager=fairlead -f app.yaml`;

describe('a change as commands', () => {
  it.each<[string, AppSpec, AppSpec, string]>([
    ['image', spec(), spec({ image: 'nginx:1.28' }), `${k} set image deployment/web web=nginx:1.28`],
    ['size', spec(), spec({ replicas: 3 }), `${k} scale deployment/web --replicas=3`],
    ['variables', spec(), spec({ env: [{ name: 'B', value: 'x y' }] }), `${k} set env deployment/web --containers=web 'B=x y' A-`],
    [
      'resources',
      spec(),
      spec({ resources: { cpu: '100m', memoryLimit: '1Gi' } }),
      `${k} set resources deployment/web --containers=web --requests=cpu=100m --limits=memory=1Gi`,
    ],
    [
      'autoscaling from now on',
      spec({ resources: { cpu: '100m' } }),
      spec(scaling),
      `${k} autoscale deployment/web --name=web --min=2 --max=5 --cpu-percent=60`,
    ],
    [
      'its bounds',
      spec(scaling),
      spec({ ...scaling, autoscaling: { ...scaling.autoscaling, maxReplicas: 9 } }),
      `${k} patch hpa web --type=merge -p '{"spec":{"minReplicas":2,"maxReplicas":9}}'`,
    ],
    ['no autoscaling any more', spec(scaling), spec({ resources: { cpu: '100m' } }), `${k} delete hpa web`],
    ['a route', spec(), spec({ host: 'web.example' }), `${k} create ingress web '--rule=web.example/*=web:http'`],
    [
      'another host',
      spec({ host: 'a.example' }),
      spec({ host: 'b.example' }),
      `${k} patch ingress web --type=json -p '[{"op":"replace","path":"/spec/rules/0/host","value":"b.example"}]'`,
    ],
    ['no route', spec({ host: 'a.example' }), spec(), `${k} delete ingress web`],
    [
      'two fields',
      spec(),
      spec({ image: 'nginx:1.28', replicas: 3 }),
      `${k} set image deployment/web web=nginx:1.28\n${k} scale deployment/web --replicas=3`,
    ],
    ['what kubectl has no word for', spec(), spec({ hardened: true }), yaml],
    ['manifests', { kind: 'manifests', yaml: 'a' }, { kind: 'manifests', yaml: 'b' }, yaml],
  ])('%s', (_, before, after, kubectl) => {
    const found = commands.changeCommands(at, { before, after, patch: { x: 1 } }, 4);
    expect(found.kubectl).toBe(kubectl);
    expect(found.rest).toBe(`${curl('PATCH', '')} \\\n  -H 'If-Match: "4"'${sent('{"spec":{"x":1}}')}`);
  });
});
