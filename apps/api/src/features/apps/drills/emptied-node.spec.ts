import { describe, expect, it } from 'vitest';
import type { Pod } from '../observed/shapes.js';
import { emptiedNode } from './emptied-node.js';

const pods = (...places: [name: string, node: string][]): Pod[] =>
  places.map(([name, nodeName]) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec: { nodeName } }));

describe('the node that a drill empties', () => {
  it.each<[string, Pod[], string | undefined, string, string[]]>([
    ['has most of its pods', pods(['c', 'n2'], ['a', 'n1'], ['b', 'n2']), undefined, 'n2', ['b', 'c']],
    ['is the first by name of equals', pods(['b', 'n2'], ['a', 'n1']), undefined, 'n1', ['a']],
    ['is the one that was asked for', pods(['a', 'n1'], ['b', 'n1'], ['c', 'n2']), 'n2', 'n2', ['c']],
  ])('%s', (_, ready, asked, node, names) => {
    const found = emptiedNode(ready, asked);
    expect('node' in found && { node: found.node, names: found.pods.map(({ metadata }) => metadata.name) }).toEqual({ node, names });
  });

  it.each<[string, Pod[], string | undefined, RegExp]>([
    ['all its pods on one', pods(['a', 'n1'], ['b', 'n1']), undefined, /all its pods are on n1: it must have pods on two nodes/],
    ['another node than its own', pods(['a', 'n1'], ['b', 'n2']), 'n3', /no ready pod of it is on n3; it has some on n1, n2/],
    ['no node yet', [{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } }], undefined, /on no node/],
  ])('is none with %s', (_, ready, asked, reason) => {
    expect(emptiedNode(ready, asked)).toEqual({ refused: expect.stringMatching(reason) });
  });
});
