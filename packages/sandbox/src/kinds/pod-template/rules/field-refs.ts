import { type FieldError, invalidValue, notSupported, required } from '../../../machinery/field-error.js';
import { canonicalQuantity } from '../../parts/quantity-form.js';
import { amountOf, labelKey } from '../../parts/rules.js';
import { type Fields, text } from '../../parts/values.js';

export const envFieldPaths = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
];
export const volumeFieldPaths = ['metadata.annotations', 'metadata.labels', 'metadata.name', 'metadata.namespace', 'metadata.uid'];

/** What the downward API may be asked for at all. */
const convertible = [...envFieldPaths, ...volumeFieldPaths, 'spec.restartPolicy', 'spec.schedulerName', 'status.phase'];

export function fieldRef(ref: Fields, path: string, allowed: readonly string[]): FieldError[] {
  const [version, fieldPath] = [text(ref.apiVersion), text(ref.fieldPath)];
  if (version === '') return [required(`${path}.apiVersion`)];
  if (fieldPath === '') return [required(`${path}.fieldPath`)];
  const subscripted = /^(.*)\['([^']*)'\]$/.exec(fieldPath);
  const name = subscripted?.[1] ?? fieldPath;
  if (version !== 'v1')
    return [invalidValue(`${path}.fieldPath`, fieldPath, `error converting fieldPath: unsupported pod version: ${version}`)];
  if (subscripted ? !['metadata.annotations', 'metadata.labels'].includes(name) : !convertible.includes(name)) {
    const known = convertible.includes(name) && subscripted;
    const words = known ? `field label does not support subscript: ${fieldPath}` : `field label not supported: ${name}`;
    return [invalidValue(`${path}.fieldPath`, fieldPath, `error converting fieldPath: ${words}`)];
  }
  if (subscripted) {
    const key = subscripted[2] ?? '';
    return labelKey(name === 'metadata.annotations' ? key.toLowerCase() : key, path);
  }
  return allowed.includes(name) ? [] : [notSupported(`${path}.fieldPath`, name, allowed)];
}

const resources = [
  'limits.cpu',
  'limits.ephemeral-storage',
  'limits.memory',
  'requests.cpu',
  'requests.ephemeral-storage',
  'requests.memory',
];
const sizes = ['1', '1k', '1M', '1G', '1T', '1P', '1E', '1Ki', '1Mi', '1Gi', '1Ti', '1Pi', '1Ei'];

export function resourceFieldRef(ref: Fields, path: string, inVolume: boolean): FieldError[] {
  const resource = text(ref.resource);
  const errors: FieldError[] = [];
  const isHugePages = /^(requests|limits)\.hugepages-/.test(resource);
  if (inVolume && text(ref.containerName) === '') errors.push(required(`${path}.containerName`));
  else if (resource === '') errors.push(required(`${path}.resource`));
  else if (!resources.includes(resource) && !isHugePages) errors.push(notSupported(`${path}.resource`, resource, resources));
  return [...errors, ...divisorRule(resource, ref.divisor, `${path}.divisor`, isHugePages)];
}

function divisorRule(resource: string, divisor: unknown, path: string, isHugePages: boolean): FieldError[] {
  if (amountOf(divisor) === 0n) return [];
  const shown = canonicalQuantity(String(divisor));
  if (resource.endsWith('.cpu'))
    return ['1m', '1'].includes(shown)
      ? []
      : [invalidValue(path, resource, "only divisor's values 1m and 1 are supported with the cpu resource")];
  const what = resource.endsWith('.memory')
    ? 'memory'
    : resource.endsWith('.ephemeral-storage')
      ? 'local ephemeral storage'
      : isHugePages
        ? 'hugepages'
        : undefined;
  if (what === undefined || sizes.includes(shown)) return [];
  return [invalidValue(path, resource, `only divisor's values ${sizes.join(', ')} are supported with the ${what} resource`)];
}
