import type { KubeObject } from '@fairlead/kube/protocol';
import type { Api } from '../../../api/api.js';
import { internal, invalid } from '../../../machinery/api-error.js';
import { invalidValue } from '../../../machinery/field-error.js';
import type { WriteContext } from '../../../registry/definition.js';
import { type Fields, fields, items, list, number, strings, text } from '../../parts/values.js';
import { allocatesNodePorts, hasNodePorts, isHeadless, needsClusterIp, needsHealthCheckPort, nodePortsOf } from './service-facts.js';

/** 10.96.0.0/16; who asks for nothing gets one above the first 256, which are left to those who ask. */
export const serviceRange = '10.96.0.0/16';
const firstDynamicIp = 257;
const lastIp = 65_534;
export const nodePortRange = { first: 30_000, last: 32_767 } as const;
const firstDynamicPort = nodePortRange.first + 86;

interface Free {
  /** In a dry run ranges are hardly looked at. */
  isReal: boolean;
  ip(): string;
  port(): number;
}

/** In a dry run nothing is given away: the API server answers what is outside of its ranges. */
function unreal(): Free {
  let port = nodePortRange.last + 1;
  return {
    isReal: false,
    ip: () => '10.96.0.0',
    port: () => {
      port += 1;
      return port;
    },
  };
}

/** What the services that are there hold. Nothing else remembers it. */
interface Held {
  ips: Set<string>;
  ports: Set<number>;
}

const real = (held: Held, chance: string): Free => ({
  isReal: true,
  ip: () => freeIp(held.ips, chance),
  port: () => freePort(held.ports, chance),
});

/** Gives a service its cluster IP and node ports, and refuses those that somebody has. `chance` is any text that is another one for each service. */
export function allocate(service: KubeObject, old: KubeObject | undefined, { api, dryRun }: WriteContext, chance: string): void {
  const spec = service.spec as Fields;
  const before = fields(old?.spec);
  const held = heldByOthers(api, service);
  const free = dryRun ? unreal() : real(held, chance);
  if (needsClusterIp(spec)) giveClusterIp(service, spec, old ? before : undefined, held.ips, free);
  if (hasNodePorts(spec)) giveNodePorts(service, spec, new Set(nodePortsOf(before)), held.ports, free);
  if (needsHealthCheckPort(spec) && !(old && needsHealthCheckPort(before))) {
    const asked = number(spec.healthCheckNodePort);
    if (asked !== 0 && portProblem(asked, held.ports))
      throw internal(`failed to allocate requested HealthCheck NodePort ${asked}: ${portProblem(asked, held.ports)}`);
    if (asked === 0) spec.healthCheckNodePort = free.port();
  }
}

function heldByOthers(api: Api, { metadata }: KubeObject): Held {
  const held: Held = { ips: new Set(), ports: new Set() };
  for (const other of api.list('services')) {
    if (other.metadata.name === metadata.name && other.metadata.namespace === metadata.namespace) continue;
    const spec = fields(other.spec);
    for (const ip of strings(spec.clusterIPs)) held.ips.add(ip);
    for (const port of nodePortsOf(spec)) held.ports.add(port);
    if (number(spec.healthCheckNodePort) !== 0) held.ports.add(number(spec.healthCheckNodePort));
  }
  return held;
}

function giveClusterIp(service: KubeObject, spec: Fields, before: Fields | undefined, held: ReadonlySet<string>, free: Free): void {
  if (isHeadless(spec)) return;
  if (before && needsClusterIp(before)) return;
  const asked = strings(spec.clusterIPs)[0] ?? '';
  if (asked === '') {
    const ip = free.ip();
    spec.clusterIP = ip;
    spec.clusterIPs = [ip];
    return;
  }
  const problem = ipProblem(asked, held, free);
  if (!problem) return;
  const wrong = invalidValue('spec.clusterIPs', strings(spec.clusterIPs), `failed to allocate IP ${asked}: ${problem}`);
  throw invalid({ group: '', kind: 'Service' }, service.metadata.name, [wrong]);
}

/** Two ports of the same number (TCP and UDP) share one node port. */
function giveNodePorts(service: KubeObject, spec: Fields, own: ReadonlySet<number>, held: Set<number>, free: Free): void {
  const byPort = new Map<number, number>();
  items(spec.ports).forEach((port, index) => {
    if (number(port.nodePort) === 0 && !allocatesNodePorts(spec)) return;
    const shared = byPort.get(number(port.port));
    const given = { ...port };
    if (number(port.nodePort) === 0) {
      const asked = list(spec.ports).find((each) => number(each.port) === number(port.port) && number(each.nodePort) !== 0);
      port.nodePort = shared ?? (asked ? number(asked.nodePort) : free.port());
    }
    const chosen = number(port.nodePort);
    const isMadeUp = chosen > nodePortRange.last && number(given.nodePort) === 0;
    if (chosen !== shared && !own.has(chosen) && !isMadeUp) {
      const problem = free.isReal || held.has(chosen) ? portProblem(chosen, held) : undefined;
      // Two protocols may share a port that an update brings.
      const shared = own.size > 0 && [...byPort.values()].includes(chosen);
      if (problem && !shared) {
        const wrong = invalidValue(`spec.ports[${index}].nodePort`, chosen, problem);
        throw invalid({ group: '', kind: 'Service' }, service.metadata.name, [wrong]);
      }
    }
    byPort.set(number(port.port), chosen);
    held.add(chosen);
  });
}

function ipProblem(ip: string, held: ReadonlySet<string>, free: Free): string | undefined {
  const match = /^10\.96\.(\d+)\.(\d+)$/.exec(ip);
  const offset = match ? Number(match[1]) * 256 + Number(match[2]) : 0;
  if (offset < 1 || offset > lastIp)
    return free.isReal
      ? 'the provided network does not match the current range'
      : `the provided IP (${ip}) is not in the valid range. The range of valid IPs is ${serviceRange}`;
  return held.has(ip) ? 'provided IP is already allocated' : undefined;
}

function portProblem(port: number, held: ReadonlySet<number>): string | undefined {
  const { first, last } = nodePortRange;
  if (port < first || port > last) return `provided port is not in the valid range. The range of valid ports is ${first}-${last}`;
  return held.has(port) ? 'provided port is already allocated' : undefined;
}

function freeIp(held: ReadonlySet<string>, chance: string): string {
  const size = lastIp - firstDynamicIp + 1;
  for (let step = 0, at = numberOf(chance) % size; step < size; step += 1, at = (at + 1) % size) {
    const offset = firstDynamicIp + at;
    const ip = `10.96.${offset >> 8}.${offset & 255}`;
    if (!held.has(ip)) return ip;
  }
  throw internal('failed to allocate a serviceIP: range is full');
}

function freePort(held: ReadonlySet<number>, chance: string): number {
  const size = nodePortRange.last - firstDynamicPort + 1;
  for (let step = 0, at = numberOf(chance) % size; step < size; step += 1, at = (at + 7) % size) {
    if (!held.has(firstDynamicPort + at)) return firstDynamicPort + at;
  }
  throw internal('failed to allocate a nodePort: range is full');
}

function numberOf(chance: string): number {
  let sum = 2166136261;
  for (const character of text(chance)) sum = Math.imul(sum ^ character.charCodeAt(0), 16777619) >>> 0;
  return sum;
}
