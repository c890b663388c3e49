import type { Manifest } from '@fairlead/kube';
import type { ImageSpec } from '@fairlead/shared';
import { volumesOf } from './claims.js';
import { container } from './container.js';
import { fieldManager, labels } from './identity.js';
import type { Frame } from './image-app.js';

/**
 * The pod of an app. It hangs on nothing that may change without a rollout (not on the size, not on the number of the revision): another size
 * alone rolls no pod.
 */
export function podTemplate(frame: Frame, spec: ImageSpec, files: Manifest | null): Record<string, unknown> {
  const { exceptions = {}, placement, termination } = spec;
  const volumes = volumesOf(frame, spec, files);
  const spread = spreading(frame, spec);
  const grace = termination?.graceSeconds;
  return {
    metadata: { labels: { ...frame.meta.labels, [labels.managedBy]: fieldManager, ...frame.selector } },
    spec: {
      automountServiceAccountToken: exceptions.serviceAccountToken !== undefined,
      securityContext: {
        ...(!exceptions.unconfinedSeccomp && { seccompProfile: { type: 'RuntimeDefault' } }),
        ...(spec.hardened && { runAsNonRoot: true }),
      },
      ...(spec.serviceAccount && { serviceAccountName: spec.serviceAccount }),
      ...(spec.schedule && { restartPolicy: 'Never' }),
      ...(placement?.nodeLabels && { nodeSelector: placement.nodeLabels }),
      ...(placement?.tolerations && { tolerations: placement.tolerations.map(toleration) }),
      ...(spread && { topologySpreadConstraints: spread }),
      ...(grace !== undefined && { terminationGracePeriodSeconds: grace }),
      containers: [container(frame.name, spec)],
      ...(volumes.length > 0 && { volumes }),
    },
  };
}

/** Also for one replica, where it does nothing: a template that hung on the size would roll every pod when the size changes. */
function spreading({ selector }: Frame, { placement, schedule }: ImageSpec): Record<string, unknown>[] | null {
  const spread = placement?.spread ?? 'preferred';
  if (spread === 'none' || schedule) return null;
  return [
    {
      maxSkew: 1,
      topologyKey: 'kubernetes.io/hostname',
      whenUnsatisfiable: spread === 'required' ? 'DoNotSchedule' : 'ScheduleAnyway',
      labelSelector: { matchLabels: selector },
    },
  ];
}

const toleration = ({ key, value, effect }: { key: string; value?: string | undefined; effect?: string | undefined }) => ({
  key,
  operator: value === undefined ? 'Exists' : 'Equal',
  ...(value !== undefined && { value }),
  ...(effect && { effect }),
});
