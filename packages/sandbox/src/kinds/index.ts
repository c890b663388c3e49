import type { ResourceDefinition } from '../registry/definition.js';
import { deployments } from './apps/deployments.js';
import { replicaSets } from './apps/replicasets.js';
import { configMaps, secrets } from './core/config-data.js';
import { namespaces } from './core/namespaces.js';
import { nodes } from './core/nodes.js';
import { pods } from './core/pods/pods.js';
import { services } from './core/services/services.js';
import { coreEvents } from './events/events.js';

/** All that a fresh cluster serves, in discovery's order of groups. */
export function builtInKinds(): ResourceDefinition[] {
  return [configMaps, coreEvents, namespaces, nodes, pods, secrets, services, deployments, replicaSets];
}
