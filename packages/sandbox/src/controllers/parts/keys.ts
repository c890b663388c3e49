import { type KubeObject, objectKey } from '@fairlead/kube/protocol';

/** What a work queue carries: `namespace/name`, or `name`. */
export const keyOf: (object: KubeObject) => string = objectKey;

export function splitKey(key: string): { namespace: string; name: string } {
  const slash = key.indexOf('/');
  return slash === -1 ? { namespace: '', name: key } : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}
