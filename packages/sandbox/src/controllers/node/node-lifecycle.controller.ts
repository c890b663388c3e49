import type { Change } from '../../api/api.js';
import { timestamp } from '../../machinery/clock.js';
import { equal } from '../../machinery/object.js';
import type { Again, Controller, ControllerContext } from '../controller.js';
import type { Node } from '../model/cluster.js';
import { findCondition, isTrue } from '../parts/conditions.js';
import { ControllerApi } from '../parts/controller-api.js';
import { conditionTaints, graceMs, lostConditions, startupGraceMs } from './node-health.js';

const everyMs = 5_000;
const theOnlyKey = 'nodes';

/** Notices nodes whose kubelet is silent, and taints nodes by their conditions. */
export function nodeLifecycle(context: ControllerContext): Controller {
  const api = new ControllerApi(context, { account: 'node-controller' });
  /** When each node was last heard of, by its lease or its status. */
  const heard = new Map<string, number>();
  const known = new Map<string, Node>();
  let nextLook = 0;

  function reconcile(): Again {
    register();
    if (api.now() >= nextLook) {
      nextLook = api.now() + everyMs;
      for (const node of api.list('nodes')) judge(node);
    }
    const nodes = api.list('nodes');
    // When nobody is ready it is not the nodes: nobody is sent away.
    const evict = nodes.some((node) => isTrue(node.status?.conditions, 'Ready'));
    for (const node of nodes) taint(node, evict);
    return { againAfterMs: Math.max(nextLook - api.now(), 1) };
  }

  function register(): void {
    const nodes = new Map(api.list('nodes').map((node) => [node.metadata.name, node]));
    for (const [name, node] of nodes) {
      if (!known.has(name)) api.event(node, 'Normal', 'RegisteredNode', `Node ${name} event: Registered Node ${name} in Controller`);
      known.set(name, node);
      if (!heard.has(name)) heard.set(name, api.now());
    }
    for (const [name, node] of known) {
      if (nodes.has(name)) continue;
      api.event(node, 'Normal', 'RemovingNode', `Node ${name} event: Removing Node ${name} from Controller`);
      known.delete(name);
      heard.delete(name);
    }
  }

  function judge(node: Node): void {
    const { name } = node.metadata;
    const ready = findCondition(node.status?.conditions, 'Ready');
    const silent = api.now() - (heard.get(name) ?? api.now());
    if (silent > (ready ? graceMs : startupGraceMs)) lose(node);
    const after = findCondition(api.get('nodes', '', name)?.status?.conditions, 'Ready');
    if (after && after.status !== 'True') markPods(name);
  }

  function lose(node: Node): void {
    const conditions = lostConditions(node, api.now());
    if (equal(conditions, node.status?.conditions)) return;
    const wasReady = isTrue(node.status?.conditions, 'Ready');
    api.changeStatus('nodes', node, (draft) => {
      draft.status = { ...draft.status, conditions };
    });
    if (wasReady) api.event(node, 'Normal', 'NodeNotReady', `Node ${node.metadata.name} status is now: NodeNotReady`);
  }

  /** What runs there counts as not ready: no service sends anything to it. */
  function markPods(node: string): void {
    for (const pod of api.list('pods')) {
      if (pod.spec.nodeName !== node || !isTrue(pod.status?.conditions, 'Ready')) continue;
      api.changeStatus('pods', pod, (draft) => {
        const conditions = (draft.status?.conditions ?? []).map((each) =>
          each.type === 'Ready' ? { ...each, status: 'False' as const, lastTransitionTime: timestamp(api.now()) } : each,
        );
        draft.status = { ...draft.status, conditions };
      });
      api.event(pod, 'Warning', 'NodeNotReady', 'Node is not ready');
    }
  }

  function taint(node: Node, evict: boolean): void {
    const taints = conditionTaints(node, evict, api.now());
    if (equal(taints, node.spec.taints ?? [])) return;
    api.change('nodes', node, (draft) => {
      if (taints.length > 0) draft.spec.taints = taints;
      else delete draft.spec.taints;
    });
  }

  function nodeChanged({ type, object, old }: Change): readonly string[] {
    const heartbeat = (each: Change['object']): string | undefined =>
      ((each as unknown as Node).status?.conditions ?? []).find((condition) => condition.type === 'Ready')?.lastHeartbeatTime;
    if (type !== 'DELETED' && (!old || heartbeat(object) !== heartbeat(old))) heard.set(object.metadata.name, api.now());
    return [theOnlyKey];
  }

  return {
    name: 'node-lifecycle',
    watches: {
      'leases.coordination.k8s.io': ({ type, object }) => {
        if (object.metadata.namespace === 'kube-node-lease' && type !== 'DELETED') heard.set(object.metadata.name, api.now());
        return [];
      },
      nodes: nodeChanged,
    },
    initialKeys: () => {
      for (const node of api.list('nodes')) known.set(node.metadata.name, node);
      return [theOnlyKey];
    },
    reconcile,
  };
}
