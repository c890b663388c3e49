import type { KubeObject } from '@fairlead/kube/protocol';
import { createNodes, type Nodes, startKubelets } from '../../src/kubelet/index.js';
import type { Container, Pod, PodSpec } from '../../src/kubelet/pod.js';
import { timestamp } from '../../src/machinery/clock.js';
import { sandboxNode } from '../../src/seed/node.js';
import { plainKinds } from '../controllers/plain-kinds.js';
import { type TestApi, testApi } from '../support/test-api.js';

export interface NodeCluster extends TestApi {
  nodes: Nodes;
  /** A pod that is bound to sandbox-0, with one container `app` unless it says more. */
  run(name: string, container: Partial<Container>, spec?: Partial<PodSpec>, annotations?: Record<string, string>): void;
  pod(name: string): Pod;
  /** `type reason message (count)`, oldest first. */
  events(name: string): string[];
  /** What the log of its (first) container says. */
  log(name: string, container?: string): string;
  stop(): void;
}

const connect = (verbs: readonly ('get' | 'create' | 'update' | 'patch' | 'delete')[]) =>
  ({ type: 'connect', verbs, kind: 'Pod' }) as const;
const connects = {
  log: connect(['get']),
  exec: connect(['get', 'create']),
  attach: connect(['get', 'create']),
  portforward: connect(['get', 'create']),
  proxy: connect(['get', 'create', 'update', 'patch', 'delete']),
};

/** An API with nodes that have pretend kubelets, and a clock that stands until it is told to go. */
export function nodeCluster(count = 1): NodeCluster {
  const made = testApi(
    plainKinds.map((each) => (each.kind === 'Pod' ? { ...each, subresources: { ...each.subresources, ...connects } } : each)),
  );
  const { api, clock } = made;
  for (let index = 0; index < count; index += 1) {
    const { status, ...node } = sandboxNode(index, timestamp(clock.now()));
    api.create('nodes', node);
    api.change('nodes', '', node.metadata.name, (draft) => Object.assign(draft, { status }) && undefined, { subresource: 'status' });
  }
  const nodes = createNodes(made);
  const stop = startKubelets({ nodes });
  const pod = (name: string): Pod => {
    const found = api.get('pods', 'default', name);
    if (!found) throw new Error(`no pod ${name}`);
    return found as unknown as Pod;
  };
  return {
    ...made,
    nodes,
    stop,
    pod,
    run(name, container, spec = {}, annotations = {}) {
      const containers = [{ name: 'app', image: 'busybox:1.36', ...container }];
      const object: KubeObject = {
        metadata: { name, namespace: 'default', labels: { app: name }, annotations },
        spec: { nodeName: 'sandbox-0', restartPolicy: 'Always', terminationGracePeriodSeconds: 30, containers, ...spec },
      };
      api.create('pods', object);
    },
    events: (name) =>
      api
        .list('events')
        .filter((each) => (each.involvedObject as { name: string }).name === name)
        .sort(
          (a, b) =>
            (a.metadata.creationTimestamp ?? '').localeCompare(b.metadata.creationTimestamp ?? '') ||
            Number(a.metadata.uid?.length) - Number(b.metadata.uid?.length),
        )
        .map((each) => `${each.type} ${each.reason} ${each.message} (${each.count})`),
    log(name, container) {
      const found = pod(name);
      const live = nodes.podRuntime(found)?.live.get(container ?? found.spec.containers[0]?.name ?? '');
      return (live?.log.read(clock.now()).lines ?? []).map(({ text }) => `${text}\n`).join('');
    },
  };
}
