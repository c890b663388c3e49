import type { KubeObject } from '@fairlead/kube';
import { expect, it } from 'vitest';
import { newWords } from './new-words.js';

const metadata = { name: 'web', namespace: 'shop' };
const template = { spec: { containers: [{ name: 'web', image: 'nginx:1.27' }] } };

it.each<[KubeObject, string[]]>([
  [{ kind: 'Deployment', metadata, spec: { replicas: 3, template } }, ['3 × nginx:1.27']],
  [{ kind: 'StatefulSet', metadata, spec: { template } }, ['1 × nginx:1.27']],
  [{ kind: 'Service', metadata, spec: { ports: [{ port: 80 }, { port: 443 }] } }, ['web.shop.svc:80', 'web.shop.svc:443']],
  [{ kind: 'Ingress', metadata, spec: { rules: [{ host: 'web.example.com' }] } }, ['http://web.example.com']],
  [{ kind: 'PodDisruptionBudget', metadata, spec: { maxUnavailable: 1 } }, ['at most 1 pod away at a time']],
  [{ kind: 'ConfigMap', metadata, data: { a: '1', b: '2' } }, ['2 keys']],
  [{ kind: 'Widget', metadata }, []],
  [{ kind: 'Deployment', metadata }, ['1 × ']],
])('%o', (object, words) => expect(newWords(object)).toEqual(words));
