import { formatQuantity } from '@fairlead/kube/protocol';
import { roundedToMilli } from '../parts/quantity-form.js';
import { type Fields, fields, isFields, isSet, items, setEmpty, setMissing, text, within } from '../parts/values.js';
import { imageTag } from './image.js';
import { containerRequests } from './rules/pod-resources.js';
import { setVolumeDefaults } from './volume-defaults.js';

/** SetDefaults_PodSpec and what belongs to its parts, for pods and for templates alike. */
export function setPodSpecDefaults(spec: Fields): void {
  setEmpty(spec, 'dnsPolicy', 'ClusterFirst');
  setEmpty(spec, 'restartPolicy', 'Always');
  setMissing(spec, 'terminationGracePeriodSeconds', 30);
  setEmpty(spec, 'schedulerName', 'default-scheduler');
  within(spec, 'securityContext');
  noteServiceAccount(spec);
  for (const volume of items(spec.volumes)) setVolumeDefaults(volume);
  for (const each of [...items(spec.initContainers), ...items(spec.containers), ...items(spec.ephemeralContainers)])
    setContainerDefaults(each);
  if (isFields(spec.overhead)) roundResources(spec.overhead);
  if (isFields(spec.resources)) setResourceDefaults(spec.resources);
}

/** A template of anything that makes pods: makes a spec where there is none. */
export const setTemplateDefaults = (template: Fields): void => setPodSpecDefaults(within(template, 'spec'));

export function setContainerDefaults(container: Fields): void {
  setEmpty(container, 'imagePullPolicy', imageTag(text(container.image)) === 'latest' ? 'Always' : 'IfNotPresent');
  setEmpty(container, 'terminationMessagePath', '/dev/termination-log');
  setEmpty(container, 'terminationMessagePolicy', 'File');
  for (const port of items(container.ports)) setEmpty(port, 'protocol', 'TCP');
  for (const { valueFrom } of items(container.env)) {
    if (!isFields(valueFrom)) continue;
    if (isFields(valueFrom.fieldRef)) setEmpty(valueFrom.fieldRef, 'apiVersion', 'v1');
    if (isFields(valueFrom.fileKeyRef)) setMissing(valueFrom.fileKeyRef, 'optional', false);
  }
  setResourceDefaults(container.resources);
  for (const key of ['livenessProbe', 'readinessProbe', 'startupProbe']) setProbeDefaults(container[key]);
  const { lifecycle } = container;
  if (isFields(lifecycle)) for (const key of ['postStart', 'preStop']) setHttpGetDefaults(fields(lifecycle[key]).httpGet);
}

function setProbeDefaults(probe: unknown): void {
  if (!isFields(probe)) return;
  setEmpty(probe, 'timeoutSeconds', 1);
  setEmpty(probe, 'periodSeconds', 10);
  setEmpty(probe, 'successThreshold', 1);
  setEmpty(probe, 'failureThreshold', 3);
  setHttpGetDefaults(probe.httpGet);
  if (isFields(probe.grpc)) setMissing(probe.grpc, 'service', '');
}

function setHttpGetDefaults(httpGet: unknown): void {
  if (!isFields(httpGet)) return;
  setEmpty(httpGet, 'path', '/');
  setEmpty(httpGet, 'scheme', 'HTTP');
}

function setResourceDefaults(resources: unknown): void {
  if (!isFields(resources)) return;
  for (const key of ['limits', 'requests']) if (isFields(resources[key])) roundResources(resources[key]);
}

/** Quantities finer than thousandths are rounded up. */
export function roundResources(resources: Fields): void {
  for (const [name, value] of Object.entries(resources)) {
    if (typeof value === 'string' && /[nu]$|\.|[eE]-/.test(value)) resources[name] = roundedToMilli(value);
  }
}

/** `serviceAccount` is the old name of `serviceAccountName`; both are always said. */
function noteServiceAccount(spec: Fields): void {
  const name = text(spec.serviceAccountName) || text(spec.serviceAccount);
  if (name === '') return;
  spec.serviceAccountName = name;
  spec.serviceAccount = name;
}

/** What the whole pod asks for, where only its limits are said: what its containers ask for, else those limits. */
function setPodLevelRequests(spec: Fields): void {
  const { resources } = spec;
  if (!isFields(resources) || !isFields(resources.limits) || Object.keys(resources.limits).length === 0) return;
  const requests = isFields(resources.requests) ? resources.requests : {};
  for (const [name, amount] of containerRequests(spec))
    if (name === 'cpu' || name === 'memory') setMissing(requests, name, formatQuantity(amount, name === 'memory' ? 'binary' : 'decimal'));
  for (const [name, limit] of Object.entries(resources.limits))
    if (name === 'cpu' || name === 'memory' || name.startsWith('hugepages-')) setMissing(requests, name, limit);
  if (Object.keys(requests).length > 0) resources.requests = requests;
}

/** SetDefaults_Pod: what only a pod itself gets. */
export function setPodDefaults(pod: Fields): void {
  const spec = within(pod, 'spec');
  const containers = [...items(spec.containers), ...items(spec.initContainers)];
  for (const { resources } of containers) {
    if (!isFields(resources) || !isFields(resources.limits)) continue;
    const requests = within(resources, 'requests');
    for (const [name, limit] of Object.entries(resources.limits)) setMissing(requests, name, limit);
  }
  if (Number(spec.terminationGracePeriodSeconds) < 0) spec.terminationGracePeriodSeconds = 1;
  setPodLevelRequests(spec);
  setMissing(spec, 'enableServiceLinks', true);
  if (spec.hostNetwork === true)
    for (const { ports } of containers)
      for (const port of items(ports)) if (isSet(port.containerPort)) setEmpty(port, 'hostPort', port.containerPort);
  setPodSpecDefaults(spec);
}
