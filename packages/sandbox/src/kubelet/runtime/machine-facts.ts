import type { FileSystem } from '../machine/file-system.js';
import type { Machine } from '../machine/machine.js';
import { hostnameOf } from '../setting/environment.js';
import type { ContainerOptions } from './container.js';

type Facts = ConstructorParameters<typeof Machine>[4];

/** As whom the container's programs run. */
export const uidOf = ({ container, pod, image }: ContainerOptions): number =>
  container.securityContext?.runAsUser ?? pod.spec.securityContext?.runAsUser ?? image.user;

/** What the programs of a container can find out about where they run. */
export function machineFacts(options: ContainerOptions, fs: FileSystem): Facts {
  const { node, pod, podIP, memoryLimit, container } = options;
  const uid = uidOf(options);
  const user = {
    name: uid === 0 ? 'root' : (nameIn(fs, uid) ?? String(uid)),
    uid,
    gid: container.securityContext?.runAsGroup ?? pod.spec.securityContext?.runAsGroup ?? 0,
    home: uid === 0 ? '/root' : '/',
  };
  return {
    hostname: hostnameOf(pod),
    node: node.name,
    podIP,
    user,
    kernel: node.kernel,
    cores: node.cores,
    memoryBytes: node.memoryBytes,
    memoryLimit,
    bootedAt: node.bootedAt,
  };
}

function nameIn(fs: FileSystem, uid: number): string | undefined {
  if (!fs.stat('/etc/passwd')) return undefined;
  return new RegExp(`^(\\w+):x:${uid}:`, 'm').exec(fs.read('/etc/passwd').toString())?.[1];
}
