import { matchesLabelSelector } from '@fairlead/kube/protocol';
import type { Change } from '../../api/api.js';
import { equal, type Stored } from '../../machinery/object.js';
import type { Service } from '../model/network.js';
import type { Pod } from '../model/pod.js';
import type { ControllerApi } from '../parts/controller-api.js';
import { keyOf } from '../parts/keys.js';

/** Whose endpoints are kept by hand: no selector, or no cluster at all. */
export const isManaged = ({ spec }: Service): boolean => spec.selector !== undefined && spec.type !== 'ExternalName';

export const podsOf = (api: ControllerApi, service: Service): Pod[] =>
  api
    .list('pods', service.metadata.namespace)
    .filter((pod) => matchesLabelSelector({ matchLabels: service.spec.selector ?? {} }, pod.metadata.labels));

/** The services that a changed pod is, or was, behind; none where nothing changed that they could see. */
export function servicesOf(api: ControllerApi, { type, object, old }: Change): string[] {
  if (type === 'MODIFIED' && old && equal(visible(old), visible(object))) return [];
  const labels = [object, ...(old ? [old] : [])].map((each) => each.metadata.labels);
  return api
    .list('services', object.metadata.namespace)
    .filter(
      (service) => isManaged(service) && labels.some((each) => matchesLabelSelector({ matchLabels: service.spec.selector ?? {} }, each)),
    )
    .map(keyOf);
}

function visible(object: Stored): object {
  const { metadata, spec, status } = object as unknown as Pod;
  const ready = status?.conditions?.find((each) => each.type === 'Ready')?.status;
  return {
    labels: metadata.labels,
    deleted: metadata.deletionTimestamp,
    node: spec.nodeName,
    ip: status?.podIP,
    phase: status?.phase,
    ready,
  };
}
