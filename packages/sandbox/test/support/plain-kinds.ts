import { allVerbs, type ResourceDefinition, type Subresource } from '../../src/registry/definition.js';

/** A kind without rules of its own, with a status where `hasStatus`. */
export function plainKind(
  resource: string,
  kind: string,
  more: Partial<ResourceDefinition> & { hasStatus?: boolean } = {},
): ResourceDefinition {
  const { hasStatus = false, ...rest } = more;
  const group = rest.group ?? '';
  return {
    group,
    version: 'v1',
    resource,
    singular: kind.toLowerCase(),
    kind,
    namespaced: true,
    verbs: allVerbs,
    storage: group === '' ? resource : `${resource}.${group}`,
    subresources: hasStatus ? { status } : {},
    ...rest,
  };
}

const status: Subresource = {
  type: 'part',
  verbs: ['get', 'patch', 'update'],
  prepareForUpdate: (object, old) => {
    for (const key of Object.keys(object)) if (key !== 'metadata' && key !== 'status') delete object[key];
    for (const [key, value] of Object.entries(old)) if (key !== 'metadata' && key !== 'status') object[key] = value;
  },
};

/** Enough kinds to speak with. */
export const plainKinds: readonly ResourceDefinition[] = [
  plainKind('pods', 'Pod', { hasStatus: true, shortNames: ['po'], categories: ['all'] }),
  plainKind('configmaps', 'ConfigMap', { shortNames: ['cm'] }),
  plainKind('events', 'Event'),
  plainKind('namespaces', 'Namespace', { namespaced: false, hasStatus: true, shortNames: ['ns'] }),
  plainKind('deployments', 'Deployment', {
    group: 'apps',
    hasStatus: true,
    subresources: {
      status,
      scale: {
        type: 'scale',
        specReplicasPath: '.spec.replicas',
        statusReplicasPath: '.status.replicas',
        labelSelectorPath: '.spec.selector',
      },
    },
  }),
];
