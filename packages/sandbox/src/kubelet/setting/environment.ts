import type { KubeObject } from '@fairlead/kube/protocol';
import type { Api } from '../../api/api.js';
import type { Container, EnvVar, Pod, Reference } from '../pod.js';
import { fieldValue, resourceValue } from './downward.js';

export type Lookup = Pick<Api, 'get' | 'list'>;

/** Why a container cannot be made, in the kubelet's words. */
export class ConfigProblem extends Error {}

interface Setting {
  pod: Pod;
  container: Container;
  imageEnv: Readonly<Record<string, string>>;
  podIP: string;
  hostIP: string;
  node: KubeObject | undefined;
}

/** kubelet_pods.go's makeEnvironmentVariables. Throws ConfigProblem. */
export function environment(api: Lookup, setting: Setting): Record<string, string> {
  const { pod, container, imageEnv } = setting;
  const own: Record<string, string> = {};
  for (const { prefix = '', configMapRef, secretRef } of container.envFrom ?? []) {
    const data = configMapRef ? configMap(api, pod, configMapRef) : secretRef ? secret(api, pod, secretRef) : {};
    for (const [key, value] of Object.entries(data)) own[prefix + key] = value;
  }
  const services = serviceEnvironment(api, pod);
  for (const variable of container.env ?? []) {
    const value = variableValue(api, setting, variable, { ...services, ...own });
    if (value !== undefined) own[variable.name] = value;
  }
  return { ...imageEnv, HOSTNAME: hostnameOf(pod), ...services, ...own };
}

/** What follows from `$(NAME)` in commands, arguments and values; `$$(NAME)` stays `$(NAME)`. */
export const expanded = (text: string, values: Readonly<Record<string, string>>): string =>
  text.replace(/\$(\$|\(([^()]*)\))/g, (whole, first: string, name?: string) =>
    first === '$' ? '$' : name !== undefined && Object.hasOwn(values, name) ? (values[name] ?? '') : whole,
  );

export const hostnameOf = ({ metadata, spec }: Pod): string => (spec.hostname ?? metadata.name).slice(0, 63).replace(/[-.]+$/, '');

function variableValue(api: Lookup, setting: Setting, { value, valueFrom }: EnvVar, before: Record<string, string>): string | undefined {
  const { pod } = setting;
  if (!valueFrom) return expanded(value ?? '', before);
  if (valueFrom.configMapKeyRef) return keyOf(api, pod, 'ConfigMap', valueFrom.configMapKeyRef);
  if (valueFrom.secretKeyRef) return keyOf(api, pod, 'Secret', valueFrom.secretKeyRef);
  if (valueFrom.fieldRef) return fieldValue(setting, valueFrom.fieldRef.fieldPath);
  if (valueFrom.resourceFieldRef) return resourceValue(setting, valueFrom.resourceFieldRef);
  return undefined;
}

function keyOf(api: Lookup, pod: Pod, kind: 'ConfigMap' | 'Secret', reference: Reference & { key: string }): string | undefined {
  const data = kind === 'ConfigMap' ? configMap(api, pod, reference) : secret(api, pod, reference);
  if (Object.hasOwn(data, reference.key)) return data[reference.key];
  if (reference.optional) return undefined;
  throw new ConfigProblem(`couldn't find key ${reference.key} in ${kind} ${pod.metadata.namespace}/${reference.name}`);
}

function configMap(api: Lookup, { metadata }: Pod, { name = '', optional }: Reference): Record<string, string> {
  const found = api.get('configmaps', metadata.namespace ?? '', name);
  if (found) return (found.data ?? {}) as Record<string, string>;
  if (optional) return {};
  throw new ConfigProblem(`configmap "${name}" not found`);
}

function secret(api: Lookup, { metadata }: Pod, { name = '', optional }: Reference): Record<string, string> {
  const found = api.get('secrets', metadata.namespace ?? '', name);
  if (found) {
    const data = (found.data ?? {}) as Record<string, string>;
    return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString('utf8')]));
  }
  if (optional) return {};
  throw new ConfigProblem(`secret "${name}" not found`);
}

/** By the list that they are made of, which is another one after every change. */
const madeOf = new WeakMap<readonly KubeObject[], { master: KubeObject | undefined; values: Readonly<Record<string, string>> }>();

/** Variables of the services of its namespace, and of the API server's. */
function serviceEnvironment(api: Lookup, { metadata, spec }: Pod): Readonly<Record<string, string>> {
  const master = api.get('services', 'default', 'kubernetes');
  const linked = spec.enableServiceLinks === false ? [] : api.list('services', metadata.namespace ?? '');
  const known = madeOf.get(linked);
  if (known && known.master === master) return known.values;
  const values = variablesOf([...(master ? [master] : []), ...linked]);
  madeOf.set(linked, { master, values });
  return values;
}

function variablesOf(services: readonly KubeObject[]): Record<string, string> {
  const values: Record<string, string> = {};
  for (const service of services) {
    const { clusterIP, ports = [] } = (service.spec ?? {}) as {
      clusterIP?: string;
      ports?: { name?: string; port: number; protocol?: string }[];
    };
    const [first] = ports;
    if (!clusterIP || clusterIP === 'None' || !first) continue;
    const name = service.metadata.name.toUpperCase().replaceAll('-', '_');
    values[`${name}_SERVICE_HOST`] = clusterIP;
    values[`${name}_SERVICE_PORT`] = String(first.port);
    for (const port of ports)
      if (port.name) values[`${name}_SERVICE_PORT_${port.name.toUpperCase().replaceAll('-', '_')}`] = String(port.port);
    values[`${name}_PORT`] = `${(first.protocol ?? 'TCP').toLowerCase()}://${clusterIP}:${first.port}`;
    for (const { port, protocol = 'TCP' } of ports) {
      const one = `${name}_PORT_${port}_${protocol.toUpperCase()}`;
      Object.assign(values, {
        [one]: `${protocol.toLowerCase()}://${clusterIP}:${port}`,
        [`${one}_PROTO`]: protocol.toLowerCase(),
        [`${one}_PORT`]: String(port),
        [`${one}_ADDR`]: clusterIP,
      });
    }
  }
  return values;
}
