import { addressWarnings } from '../parts/ip-warnings.js';
import { isLabel } from '../parts/names.js';
import { amountOf } from '../parts/rules.js';
import { type Fields, fields, isFields, isSet, list, number, stringMap, strings, text } from '../parts/values.js';
import { nodeTermWarnings, oldLabelWords } from './node-labels.js';

export const podNameWarnings = (name: string): string[] => {
  const problems = isLabel(name);
  if (problems.length === 0) return [];
  const words = "metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended";
  return [`${words}: [${problems.join(' ')}]`];
};

/** Warnings for a pod (`path` '') or a template (`spec.template`). */
export function podWarnings(holder: Readonly<Record<string, unknown>>, path: string): string[] {
  const spec = fields(holder.spec);
  const at = path === '' ? 'spec' : `${path}.spec`;
  return [
    ...Object.keys(stringMap(spec.nodeSelector)).flatMap((key) =>
      oldLabelWords[key] ? [`${at}.nodeSelector[${key}]: ${oldLabelWords[key]}`] : [],
    ),
    ...nodeAffinityWarnings(fields(fields(spec.affinity).nodeAffinity), `${at}.affinity.nodeAffinity`),
    ...list(spec.topologySpreadConstraints).flatMap((each, index) => spreadWarnings(each, `${at}.topologySpreadConstraints[${index}]`)),
    ...list(spec.volumes).flatMap((volume, index) => volumeSourceWarnings(volume, `${at}.volumes[${index}]`)),
    ...strings(fields(spec.dnsConfig).nameservers).flatMap((ip, index) => addressWarnings(ip, `${at}.dnsConfig.nameservers[${index}]`)),
    ...list(spec.hostAliases).flatMap(({ ip }, index) => addressWarnings(text(ip), `${at}.hostAliases[${index}].ip`)),
    ...repeated(list(spec.hostAliases), 'ip', `${at}.hostAliases`),
    ...repeated(list(spec.imagePullSecrets), 'name', `${at}.imagePullSecrets`),
    ...list(spec.imagePullSecrets).flatMap(({ name }, index) =>
      text(name) === '' ? [`${at}.imagePullSecrets[${index}].name: invalid empty name ""`] : [],
    ),
    ...containersOf(spec, at).flatMap(([container, where]) => containerWarnings(container, where)),
    ...portWarnings(containersOf(spec, at)),
    ...(number(spec.terminationGracePeriodSeconds) < 0
      ? [`${at}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1`]
      : []),
    ...affinityWarnings(fields(spec.affinity), `${at}.affinity`),
  ];
}

/** In the order in which the API server visits them. */
function containersOf(spec: Fields, at: string): [Fields, string][] {
  return ['initContainers', 'containers', 'ephemeralContainers'].flatMap((kind) =>
    list(spec[kind]).map((container, index): [Fields, string] => [container, `${at}.${kind}[${index}]`]),
  );
}

const nodeAffinityWarnings = (affinity: Fields, at: string): string[] => [
  ...list(fields(affinity.requiredDuringSchedulingIgnoredDuringExecution).nodeSelectorTerms).flatMap((term, index) =>
    nodeTermWarnings(term, `${at}.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[${index}]`),
  ),
  ...list(affinity.preferredDuringSchedulingIgnoredDuringExecution).flatMap(({ preference }, index) =>
    nodeTermWarnings(fields(preference), `${at}.preferredDuringSchedulingIgnoredDuringExecution[${index}].preference`, true),
  ),
];

function spreadWarnings({ topologyKey, labelSelector }: Fields, at: string): string[] {
  const key = text(topologyKey);
  return [
    ...(oldLabelWords[key] ? [`${at}.topologyKey: ${key} is ${oldLabelWords[key]}`] : []),
    ...(isSet(labelSelector) ? [] : [`${at}.labelSelector: a null labelSelector results in matching no pod`]),
  ];
}

const oldVolumes: Readonly<Record<string, string>> = {
  photonPersistentDisk: 'deprecated in v1.11, non-functional in v1.16+',
  gitRepo: 'deprecated in v1.11, and disabled by default in v1.33+',
  scaleIO: 'deprecated in v1.16, non-functional in v1.22+',
  flocker: 'deprecated in v1.22, non-functional in v1.25+',
  storageos: 'deprecated in v1.22, non-functional in v1.25+',
  quobyte: 'deprecated in v1.22, non-functional in v1.25+',
  glusterfs: 'deprecated in v1.25, non-functional in v1.26+',
  cephfs: 'deprecated in v1.28, non-functional in v1.31+',
  rbd: 'deprecated in v1.28, non-functional in v1.31+',
};

export const volumeSourceWarnings = (volume: Fields, at: string): string[] =>
  Object.entries(oldVolumes).flatMap(([kind, words]) =>
    isFields(volume[kind]) ? [`${at}.${kind === 'storageos' ? 'storageOS' : kind}: ${words}`] : [],
  );

function repeated(values: readonly Fields[], key: string, at: string): string[] {
  const seen = new Set<string>();
  return values.flatMap((each, index) => {
    const value = text(each[key]);
    if (seen.has(value)) return [`${at}[${index}].${key}: duplicate ${key} ${JSON.stringify(value)}`];
    seen.add(value);
    return [];
  });
}

function containerWarnings(container: Fields, at: string): string[] {
  const warnings: string[] = [];
  for (const name of ['memory', 'ephemeral-storage'])
    for (const key of ['limits', 'requests']) {
      const value = fields(fields(container.resources)[key])[name];
      if (amountOf(value) % 10n ** 9n !== 0n)
        warnings.push(
          `${at}.resources.${key}[${name}]: fractional byte value ${JSON.stringify(String(value))} is invalid, must be an integer`,
        );
    }
  const seen = new Set<string>();
  list(container.env).forEach(({ name, value, valueFrom }, index) => {
    if (!seen.has(text(name))) {
      seen.add(text(name));
      return;
    }
    const ref = `$(${text(name)})`;
    if (isSet(valueFrom) || text(value) === ref || !text(value).includes(ref))
      warnings.push(
        `${at}.env[${index}]: hides previous definition of ${JSON.stringify(text(name))}, which may be dropped when using apply`,
      );
  });
  return warnings;
}

function portWarnings(containers: readonly (readonly [Fields, string])[]): string[] {
  const places = containers.flatMap(([container, at]) =>
    list(container.ports).map((port, index) => ({ port, at: `${at}.ports[${index}]` })),
  );
  const overlaps = places.flatMap(({ port, at }, position) =>
    places.slice(0, position).flatMap((other) => {
      const same = (key: string): boolean => (port[key] ?? '') === (other.port[key] ?? '');
      if (!same('containerPort') || !same('protocol')) return [];
      if (same('hostIP') && same('hostPort')) return [`${at}: duplicate port definition with ${other.at}`];
      if (number(port.hostPort) === 0 || number(other.port.hostPort) === 0) return [`${at}: overlapping port definition with ${other.at}`];
      const oneIsOpen = (text(port.hostIP) === '') !== (text(other.port.hostIP) === '');
      return same('hostPort') && oneIsOpen ? [`${at}: dangerously ambiguous port definition with ${other.at}`] : [];
    }),
  );
  const named = new Map<string, string>();
  const names = places.flatMap(({ port, at }) => {
    const name = text(port.name);
    const first = named.get(name);
    if (name !== '' && first === undefined) named.set(name, at);
    if (name === '' || first === undefined) return [];
    return [
      `${at}: duplicate port name ${JSON.stringify(name)} with ${first}, services and probes that select ports by name will use ${first}`,
    ];
  });
  return [...overlaps, ...names];
}

const nothing = 'a null labelSelector results in matching no pod';

const affinityWarnings = (affinity: Fields, at: string): string[] =>
  ['podAffinity', 'podAntiAffinity'].flatMap((kind) => {
    const { requiredDuringSchedulingIgnoredDuringExecution: hard, preferredDuringSchedulingIgnoredDuringExecution: soft } = fields(
      affinity[kind],
    );
    return [
      ...list(hard).flatMap(({ labelSelector }, index) =>
        isSet(labelSelector) ? [] : [`${at}.${kind}.requiredDuringSchedulingIgnoredDuringExecution[${index}].labelSelector: ${nothing}`],
      ),
      ...list(soft).flatMap(({ podAffinityTerm }, index) =>
        isSet(fields(podAffinityTerm).labelSelector)
          ? []
          : [`${at}.${kind}.preferredDuringSchedulingIgnoredDuringExecution[${index}].podAffinityTerm.labelSelector: ${nothing}`],
      ),
    ];
  });
