import { isImageReference, isRecord, type Manifest } from '@fairlead/kube';
import type { Obstacle } from '@fairlead/shared';
import { titleOf } from '../render/identity.js';
import { isWorkload } from '../render/kinds.js';
import { podSpecPath } from '../render/manifest-app.js';

/** What is wrong with the objects by themselves and the API server takes all the same: names that are no image, ports that meet. Pure. */
export function ownFaults(wanted: readonly Manifest[]): Obstacle[] {
  return wanted.filter(({ kind }) => isWorkload(kind)).flatMap((workload) => [...badImages(workload), ...portClashes(workload)]);
}

function badImages(workload: Manifest): Obstacle[] {
  return containersOf(workload).flatMap(({ name, image }, i) =>
    typeof image === 'string' && !isImageReference(image)
      ? [block(workload, `containers[${i}].image`, `${image} is no name of an image (container ${String(name)})`)]
      : [],
  );
}

/** Two containers of a pod share its network: only one can listen on a port. */
function portClashes(workload: Manifest): Obstacle[] {
  const seen = new Map<string, string>();
  const found: Obstacle[] = [];
  for (const [i, { name, ports }] of containersOf(workload).entries()) {
    for (const [j, port] of (Array.isArray(ports) ? ports.filter(isRecord) : []).entries()) {
      const key = `${port.containerPort}/${port.protocol ?? 'TCP'}`;
      const other = seen.get(key);
      if (other !== undefined)
        found.push(block(workload, `containers[${i}].ports[${j}]`, `the port ${key} is named twice, by ${other} and ${String(name)}`));
      seen.set(key, String(name));
    }
  }
  return found;
}

const block = (workload: Manifest, field: string, reason: string): Obstacle => ({
  object: titleOf(workload),
  field,
  reason,
  severity: 'blocks',
});

function containersOf(workload: Manifest): Record<string, unknown>[] {
  let pod: unknown = workload;
  for (const field of podSpecPath(workload.kind)) pod = isRecord(pod) ? pod[field] : undefined;
  return isRecord(pod) && Array.isArray(pod.containers) ? pod.containers.filter(isRecord) : [];
}
