import { Nodes, type NodesContext } from './nodes.js';

export { Nodes, type NodesContext } from './nodes.js';

/** The pretend nodes over an API; streams, metrics and the ingress look into the same. */
export const createNodes = (context: NodesContext): Nodes => new Nodes(context);

/** Pods that are bound to a node come to life. Answers what ends it. */
export const startKubelets = ({ nodes }: { nodes: Nodes }): (() => void) => nodes.start();
