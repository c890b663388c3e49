import type { KubeObject } from '@fairlead/kube/protocol';
import { draft, equal } from '../../machinery/object.js';
import type { PodTemplate } from '../model/pod.js';
import type { ControllerRevision } from '../model/workloads.js';
import type { ControllerApi } from './controller-api.js';
import { controllerReference, type OwnerKind } from './owner.js';
import { templateHash } from './template-hash.js';

export interface HistoryOf {
  kind: OwnerKind;
  owner: KubeObject;
  template: PodTemplate;
  /** The label that carries the hash: the two kinds with a history differ. */
  hashLabel: string;
  collisionCount: number;
  /** What else a revision's annotations say. */
  annotations?: Record<string, string>;
}

/** Oldest first. */
export function revisionsOf(api: ControllerApi, owner: KubeObject): ControllerRevision[] {
  return api
    .controlled('controllerrevisions.apps', 'ControllerRevision', owner)
    .sort((a, b) => a.revision - b.revision || (a.metadata.name < b.metadata.name ? -1 : 1));
}

/** The revision of the present template: the newest, an older one that comes back with a new number, or a new one. */
export function currentRevision(api: ControllerApi, revisions: readonly ControllerRevision[], of: HistoryOf): ControllerRevision {
  const data = { spec: { template: { ...draft(of.template), $patch: 'replace' } } };
  const newest = revisions.at(-1);
  const same = [...revisions].reverse().find((each) => equal(each.data, data));
  if (same && same === newest) return same;
  const revision = (newest?.revision ?? 0) + 1;
  if (same) {
    const again = api.change('controllerrevisions.apps', same, (object) => {
      object.revision = revision;
    });
    return again ?? same;
  }
  const hash = templateHash(of.template, of.collisionCount);
  const { name, namespace = '' } = of.owner.metadata;
  return api.create('controllerrevisions.apps', {
    metadata: {
      name: `${name}-${hash}`,
      namespace,
      labels: { ...of.template.metadata?.labels, [of.hashLabel]: hash },
      ...(of.annotations ? { annotations: of.annotations } : {}),
      ownerReferences: [controllerReference(of.kind, of.owner)],
    },
    data,
    revision,
  });
}

/** The template that a revision keeps. */
export function templateOf({ data }: ControllerRevision): PodTemplate {
  const { $patch: _, ...template } = (data as { spec: { template: PodTemplate & { $patch?: string } } }).spec.template;
  return template;
}

/** Forgets the oldest that nothing uses any more, beyond the limit. */
export function truncateHistory(
  api: ControllerApi,
  revisions: readonly ControllerRevision[],
  live: ReadonlySet<string>,
  limit: number,
): void {
  const past = revisions.filter((each) => !live.has(each.metadata.name));
  for (const each of past.slice(0, Math.max(past.length - limit, 0))) api.delete('controllerrevisions.apps', each);
}
