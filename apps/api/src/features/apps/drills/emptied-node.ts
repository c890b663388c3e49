import type { Pod } from '../observed/shapes.js';

/**
 * The node that a drill empties of an app, and the pods there: the one that was asked for, or the one with most of its pods. Pure. In words why
 * there is none: an app whose pods are all on one node would only show what killing it shows.
 */
export function emptiedNode(ready: readonly Pod[], asked: string | undefined): { node: string; pods: Pod[] } | { refused: string } {
  const nodes = new Map<string, Pod[]>();
  for (const pod of ready) if (pod.spec?.nodeName) nodes.set(pod.spec.nodeName, [...(nodes.get(pod.spec.nodeName) ?? []), pod]);
  if (asked !== undefined && !nodes.has(asked))
    return { refused: `no ready pod of it is on ${asked}; it has some on ${[...nodes.keys()].sort().join(', ')}` };
  if (nodes.size < 2)
    return { refused: `all its pods are on ${[...nodes.keys()][0] ?? 'no node'}: it must have pods on two nodes or more` };
  const [most] = [...nodes].sort(([a, ofA], [b, ofB]) => ofB.length - ofA.length || (a < b ? -1 : 1));
  const node = asked ?? most?.[0] ?? '';
  const pods = [...(nodes.get(node) ?? [])].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  return { node, pods };
}
