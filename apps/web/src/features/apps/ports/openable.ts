import type { AppPort, PortTarget } from '@fairlead/shared';

/** One line of the panel: a Service's port, or one port that pods have in common. */
export interface OpenableLine {
  key: string;
  /** "Service web", "2 pods". */
  of: string;
  port: number;
  name: string | null;
  http: boolean;
  /** What may be opened; the first is proposed. */
  targets: PortTarget[];
}

/** Ports as a person looks for them: Services first, then what containers say of themselves, one line for all pods that have it. */
export function openableLines(ports: readonly AppPort[]): OpenableLine[] {
  const lines = new Map<string, OpenableLine>();
  for (const { target, name, http } of ports) {
    const key = target.kind === 'service' ? `service/${target.name}/${target.port}/${http}` : `pods/${target.port}/${name ?? ''}/${http}`;
    const line = lines.get(key);
    if (line) line.targets.push(target);
    else lines.set(key, { key, of: `Service ${target.name}`, port: target.port, name, http, targets: [target] });
  }
  for (const line of lines.values())
    if (line.targets[0]?.kind === 'pod') line.of = line.targets.length === 1 ? '1 pod' : `${line.targets.length} pods`;
  return [...lines.values()];
}

/** "Service web, port 80". */
export const targetWords = ({ kind, name, port }: PortTarget): string => `${kind === 'service' ? 'Service' : 'Pod'} ${name}, port ${port}`;
