import { isRecord, type KubeObject } from '@fairlead/kube';
import { policyWords, readerOf } from '../network/policy-words.js';

/** What an object that is to be made will be, in a person's words: "3 × nginx:1.27". Empty for kinds that have no shorter words than themselves. */
export function newWords(object: KubeObject): string[] {
  const spec = isRecord(object.spec) ? object.spec : {};
  const { name, namespace } = object.metadata;
  switch (object.kind) {
    case 'Deployment':
    case 'StatefulSet':
      return [`${spec.replicas ?? 1} × ${imagesOf(spec).join(', ')}`];
    case 'DaemonSet':
      return [`on each node ${imagesOf(spec).join(', ')}`];
    case 'Job':
      return [`once ${imagesOf(spec).join(', ')}`];
    case 'Service':
      return list(spec.ports).map((port) => `${name}.${namespace}.svc:${port.port}`);
    case 'Ingress':
      return list(spec.rules).flatMap((rule) =>
        typeof rule.host === 'string' ? [`${list(spec.tls).length > 0 ? 'https' : 'http'}://${rule.host}`] : [],
      );
    case 'PodDisruptionBudget':
      return spec.maxUnavailable === undefined ? [] : [`at most ${spec.maxUnavailable} pod away at a time`];
    case 'NetworkPolicy':
      return policyWords(object, readerOf(object));
    case 'ConfigMap':
      return [`${Object.keys(isRecord(object.data) ? object.data : {}).length} keys`];
    default:
      return [];
  }
}

function imagesOf(spec: Record<string, unknown>): string[] {
  const template = isRecord(spec.template) ? spec.template : {};
  const pod = isRecord(template.spec) ? template.spec : {};
  return list(pod.containers).map(({ image }) => String(image ?? 'no image'));
}

const list = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value.filter(isRecord) : []);
