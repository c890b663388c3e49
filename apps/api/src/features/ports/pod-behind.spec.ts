import { expect, it } from 'vitest';
import { choose } from './pod-behind.js';

const target = { kind: 'service', name: 'web', port: 80 } as const;
const endpoint = (name: string, ready?: boolean, kind = 'Pod') => ({
  targetRef: { kind, name },
  ...(ready === undefined ? {} : { conditions: { ready } }),
});
const slice = (endpoints: object[], ports: object[] = [{ name: 'http', port: 8080 }]) => ({ endpoints, ports });
const http = [{ name: 'http', port: 80 }];

it.each([
  ['the target port of a ready pod', http, [slice([endpoint('a', true)])], { pod: 'a', port: 8080 }],
  ['one of several, by chance', http, [slice([endpoint('a', true), endpoint('b', true)])], { pod: 'b', port: 8080 }],
  [
    'over several slices, each with its own number',
    http,
    [slice([endpoint('a', false)]), slice([endpoint('b')], [{ name: 'http', port: 81 }])],
    { pod: 'b', port: 81 },
  ],
  ['a port without a name', [{ port: 80 }], [slice([endpoint('a', true)], [{ name: null, port: 9 }])], { pod: 'a', port: 9 }],
  ['no ready pod', http, [slice([endpoint('a', false)])], { none: 'The service web has no ready pod behind it.' }],
  ['what is no pod', http, [slice([endpoint('a', true, 'Node')])], { none: 'The service web has no ready pod behind it.' }],
  [
    'a port that went away',
    [{ name: 'http', port: 81 }],
    [slice([endpoint('a', true)])],
    { none: 'The service web no longer has a port 80.' },
  ],
])('%s', (_, ports, slices, wanted) => {
  expect(choose(target, ports, slices, () => 0.9)).toEqual(wanted);
});
