import { recordedData } from '../../recorded-data.js';
import { fields, isFields, isSet, sortedMap } from './values.js';

type Structs = Readonly<Record<string, string>>;
let structs: Structs | undefined;

/**
 * A value as the API server's own struct of that name, printed as JSON: every field, by its Go name. The structs are recorded
 * (`scripts/record-internal.mjs`); what is not among them is printed as it is.
 */
export function asInternal(type: string, value: unknown): unknown {
  structs ??= recordedData<Structs>('internal');
  return shown(structs, type, value);
}

function shown(all: Structs, type: string, value: unknown): unknown {
  if (type.startsWith('*')) return isSet(value) ? shown(all, type.slice(1), value) : null;
  if (type.startsWith('[]')) return Array.isArray(value) ? value.map((each) => shown(all, type.slice(2), each)) : null;
  if (type.startsWith('map[') || type === 'ResourceList') return sortedMap(value);
  const struct = all[type];
  if (struct !== undefined) return Object.fromEntries(entries(all, type, struct, rearranged(type, fields(value))));
  if (isSet(value)) return value;
  return zero(type);
}

function entries(all: Structs, type: string, struct: string, value: Readonly<Record<string, unknown>>): [string, unknown][] {
  const byLowerName = new Map(Object.keys(value).map((key) => [key.toLowerCase(), value[key]]));
  return struct.split(' ').flatMap((field): [string, unknown][] => {
    const [name = '', of = ''] = field.split(':');
    if (name !== '') {
      const said = byLowerName.get(name.toLowerCase()) ?? byLowerName.get(otherNames[`${type}.${name}`] ?? '');
      return [[name, shown(all, of, said)]];
    }
    // What is embedded stands among the others; metadata keeps its JSON names.
    if (of === 'metav1.ObjectMeta') return Object.entries(fields(value.metadata)).map(([key, said]) => [key, sortedMap(said)]);
    return entries(all, of, all[of] ?? '', value);
  });
}

const otherNames: Readonly<Record<string, string>> = {
  'RBDVolumeSource.CephMonitors': 'monitors',
  'RBDVolumeSource.RBDImage': 'image',
  'RBDVolumeSource.RBDPool': 'pool',
  'RBDVolumeSource.RadosUser': 'user',
  'AzureDiskVolumeSource.DataDiskURI': 'diskuri',
};

const ofTheHost = ['hostNetwork', 'hostPID', 'hostIPC', 'shareProcessNamespace', 'hostUsers'];

/** Inside, what a pod shares with its host belongs to its security context. */
function rearranged(type: string, value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  if (type !== 'PodSpec' || !isFields(value.securityContext)) return value;
  const shared = Object.fromEntries(ofTheHost.filter((key) => key in value).map((key) => [key, value[key]]));
  return { ...value, securityContext: { ...value.securityContext, ...shared } };
}

function zero(type: string): unknown {
  switch (type) {
    case 'bool':
      return false;
    case 'int32':
    case 'int64':
    case 'int':
    case 'intstr.IntOrString':
      return 0;
    case 'resource.Quantity':
      return '0';
    case 'metav1.Time':
      return null;
    default:
      return '';
  }
}
