import type { Pod } from '../pod.js';
import { hostnameOf } from '../setting/environment.js';
import type { NodeFacts } from './container.js';

/** What the kubelet writes into every container. */
export function etcFiles(pod: Pod, podIP: string): Record<string, Buffer> {
  const hostname = hostnameOf(pod);
  const namespace = pod.metadata.namespace ?? 'default';
  const aliases = (pod.spec.hostAliases ?? []).map(({ ip, hostnames = [] }) => `${ip}\t${hostnames.join('\t')}\n`);
  const named = pod.spec.subdomain ? `${hostname}.${pod.spec.subdomain}.${namespace}.svc.cluster.local\t${hostname}` : hostname;
  const hosts = `# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\nfe00::0\tip6-localnet\nff02::1\tip6-allnodes\nff02::2\tip6-allrouters\n${podIP}\t${named}\n`;
  return {
    'etc/hostname': Buffer.from(`${hostname}\n`),
    'etc/hosts': Buffer.from(hosts + (aliases.length > 0 ? `\n# Entries added by HostAliases.\n${aliases.join('')}` : '')),
    'etc/resolv.conf': Buffer.from(
      `search ${namespace}.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n`,
    ),
  };
}

/** The few files of /proc that people read. */
export function procFiles(facts: {
  now: () => number;
  node: NodeFacts;
  argv: readonly string[];
  env: Readonly<Record<string, string>>;
}): Record<string, Buffer | (() => Buffer)> {
  const { now, node, argv, env } = facts;
  const kib = Math.floor(node.memoryBytes / 1024);
  const processor = (index: number): string =>
    `processor\t: ${index}\nvendor_id\t: Sandbox\nmodel name\t: Pretend CPU\ncpu MHz\t\t: 2400.000\n\n`;
  return {
    'proc/uptime': () => Buffer.from(`${((now() - node.bootedAt) / 1000).toFixed(2)} ${((now() - node.bootedAt) / 1100).toFixed(2)}\n`),
    'proc/loadavg': Buffer.from('0.08 0.05 0.01 1/128 42\n'),
    'proc/version': Buffer.from(`Linux version ${node.kernel} (fairlead@sandbox) #1 SMP PREEMPT_DYNAMIC Thu Jan  1 00:00:00 UTC 2026\n`),
    'proc/meminfo': Buffer.from(
      `MemTotal:       ${kib} kB\nMemFree:        ${Math.floor(kib * 0.5)} kB\nMemAvailable:   ${Math.floor(kib * 0.78)} kB\n`,
    ),
    'proc/cpuinfo': Buffer.from(Array.from({ length: node.cores }, (_, index) => processor(index)).join('')),
    'proc/1/cmdline': Buffer.from(argv.map((word) => `${word}\0`).join('')),
    'proc/1/environ': Buffer.from(
      Object.entries(env)
        .map(([name, value]) => `${name}=${value}\0`)
        .join(''),
    ),
  };
}
