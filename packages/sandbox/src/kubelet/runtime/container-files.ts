import { imageRoot } from '../images/root.js';
import { FileSystem } from '../machine/file-system.js';
import { MemoryTree } from '../machine/tree.js';
import { expanded } from '../setting/environment.js';
import type { ContainerOptions } from './container.js';
import { etcFiles, procFiles } from './files.js';
import { shortName } from './server-log.js';

/** The files of one run: the image's, what the kubelet writes into it, and its volumes. */
export function containerFiles(
  { clock, container, image, imageName, volumes, env, pod, podIP, node, argv }: ContainerOptions,
  startedAt: number,
): FileSystem {
  const root = new MemoryTree(imageRoot(image, shortName(imageName)), startedAt);
  const now = (): number => clock.now();
  const directory = { type: 'directory', mode: 0o755, mtime: startedAt } as const;
  const put = (path: string, data: Buffer | (() => Buffer)): void => {
    const at = path.lastIndexOf('/');
    if (at > 0 && !root.get(path.slice(0, at))) root.set(path.slice(0, at), directory);
    root.set(path, { type: 'file', data, mode: 0o644, mtime: startedAt });
  };
  for (const [path, data] of Object.entries({ ...etcFiles(pod, podIP), ...procFiles({ now, node, argv, env }) })) put(path, data);
  put((container.terminationMessagePath ?? '/dev/termination-log').slice(1), Buffer.alloc(0));
  const mounts = (container.volumeMounts ?? []).flatMap(({ name, mountPath, subPath = '', subPathExpr, readOnly = false }) => {
    const tree = volumes.get(name);
    const part = (subPathExpr ? expanded(subPathExpr, env) : subPath).replace(/^\/|\/$/g, '');
    return tree ? [{ path: mountPath.replace(/(?<=.)\/+$/, ''), tree, subPath: part, readOnly }] : [];
  });
  for (const { tree, subPath } of mounts) if (subPath && tree.writable && !tree.get(subPath)) tree.set(subPath, directory);
  return new FileSystem(root, mounts, now);
}
