import { describe, expect, it } from 'vitest';
import { Schemas } from '../schema/schemas.js';
import { applyStrategicMergePatch } from './strategic-merge.js';

const schemas = Schemas.builtIn();
const podSpec = schemas.of({ group: '', version: 'v1', kind: 'Pod' }).map?.fields.get('spec')?.type ?? {};
const deployment = schemas.of({ group: 'apps', version: 'v1', kind: 'Deployment' });
const two = {
  containers: [
    { name: 'a', image: 'x:1', args: ['1', '2'] },
    {
      name: 'b',
      image: 'y:1',
      env: [
        { name: 'A', value: '1' },
        { name: 'B', value: '2' },
      ],
    },
  ],
};
const names = (...list: string[]) => list.map((name) => ({ name }));
const [a, b] = two.containers;

/** [title, patch of the pod's spec above, its containers after it]. */
const rows: [string, unknown, unknown][] = [
  ['an element is found by its key', { containers: [{ name: 'b', image: 'y:2' }] }, [a, { ...b, image: 'y:2' }]],
  ['a new element comes first', { containers: [{ name: 'c', image: 'z' }] }, [{ name: 'c', image: 'z' }, a, b]],
  ['$patch: delete', { containers: [{ name: 'a', $patch: 'delete' }] }, [b]],
  ['$patch: delete of what is not there', { containers: [{ name: 'z', $patch: 'delete' }] }, [a, b]],
  ['$patch: replace', { containers: [{ $patch: 'replace' }, { name: 'z' }] }, [{ name: 'z' }]],
  ['$patch: replace of an element', { containers: [{ $patch: 'replace', name: 'a' }, { name: 'z' }] }, [{ name: 'z' }]],
  ['$setElementOrder', { '$setElementOrder/containers': names('b', 'a') }, [b, a]],
  [
    '$setElementOrder with a new one',
    { '$setElementOrder/containers': names('a', 'c', 'b'), containers: [{ name: 'c' }] },
    [a, { name: 'c' }, b],
  ],
  ['$setElementOrder of one, the others as they were', { '$setElementOrder/containers': names('b') }, [a, b]],
  ['a list without a key is replaced', { containers: [{ name: 'a', args: ['3'] }] }, [{ ...a, args: ['3'] }, b]],
  [
    'a list in a list',
    {
      containers: [
        {
          name: 'b',
          env: [
            { name: 'B', value: '9' },
            { name: 'A', $patch: 'delete' },
          ],
        },
      ],
    },
    [a, { ...b, env: [{ name: 'B', value: '9' }] }],
  ],
  ['null removes a field of an element', { containers: [{ name: 'a', args: null }] }, [{ name: 'a', image: 'x:1' }, b]],
  ['a new element is taken as it is', { containers: [{ name: 'c', args: null }] }, [{ name: 'c', args: null }, a, b]],
  ['null removes a list', { containers: null }, undefined],
];

describe('applyStrategicMergePatch', () => {
  it.each(rows)('%s', (_, patch, expected) => {
    const before = structuredClone(two);
    expect(applyStrategicMergePatch(two, patch, podSpec).containers).toEqual(expected);
    expect(two).toEqual(before);
  });

  it.each([
    ['plain values are joined, the new ones first', { finalizers: ['b'] }, ['b', 'a']],
    ['plain values are taken out', { '$deleteFromPrimitiveList/finalizers': ['a'] }, []],
    ['plain values in an order', { '$setElementOrder/finalizers': ['a', 'b'], finalizers: ['b'] }, ['a', 'b']],
  ])('%s', (_, patch, expected) => {
    const document = { metadata: { finalizers: ['a'] } };
    expect(applyStrategicMergePatch(document, { metadata: patch }, deployment).metadata.finalizers).toEqual(expected);
  });

  it.each([
    ['$retainKeys', { $retainKeys: ['type'], type: 'Recreate' }, { type: 'Recreate' }],
    ['$patch: replace of a map', { $patch: 'replace', type: 'Recreate' }, { type: 'Recreate' }],
    ['$patch: delete of a map', { $patch: 'delete' }, {}],
    ['null removes a key', { rollingUpdate: null }, { type: 'RollingUpdate' }],
  ])('%s', (_, strategy, expected) => {
    const document = { spec: { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } } } };
    expect(applyStrategicMergePatch(document, { spec: { strategy } }, deployment).spec.strategy).toEqual(expected);
  });

  /** [patch of the pod's spec, code, what a real API server answered]. */
  const refused: [unknown, number, string][] = [
    [{ containers: [{ image: 'z' }] }, 500, 'map: map[image:z] does not contain declared merge key: name'],
    [{ $patch: 'x' }, 500, 'unknown patch type: x in map: map[$patch:x]'],
    [{ $patch: 1 }, 500, 'unknown patch type: %!s(int64=1) in map: map[$patch:1]'],
    [{ containers: [{ name: 'm', $patch: 'x' }] }, 500, 'unknown patch type: x in map: map[$patch:x name:m]'],
    [{ containers: [{ name: 'm', $patch: 'merge' }] }, 500, 'merging lists cannot yet be specified in the patch'],
    [{ containers: [{ $patch: 'delete' }] }, 500, 'map: map[$patch:delete] does not contain declared merge key: name'],
    [
      { '$setElementOrder/containers': names('m'), containers: [{ name: 'n', image: 'z' }] },
      500,
      "The order in patch list:\n[map[image:z name:n]]\n doesn't match $setElementOrder list:\n[map[name:m]]\n",
    ],
    [
      { containers: ['x'] },
      500,
      'list element types are not identical: [[map[args:[1 2] image:x:1 name:a] map[env:[map[name:A value:1] map[name:B value:2]] image:y:1 name:b]] [x]]',
    ],
    [{ securityContext: { $retainKeys: ['x'], y: 1 } }, 400, 'invalid patch format of retainKeys'],
    [{ securityContext: { $retainKeys: 'x' } }, 400, 'invalid patch format of retainKeys'],
    [[1], 400, 'json: cannot unmarshal array into Go value of type map[string]interface {}'],
  ];
  it.each(refused)('refuses %j', (patch, code, message) => {
    expect(() => applyStrategicMergePatch({ ...two, securityContext: {} }, patch, podSpec)).toThrow(
      expect.objectContaining({ status: expect.objectContaining({ code, message }) }),
    );
  });
});
