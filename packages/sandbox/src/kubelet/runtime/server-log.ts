import type { ContainerOptions } from './container.js';
import { Log, type LogLine } from './log.js';
import type { Plan } from './plan.js';
import { banner, isWeb } from './servers.js';
import { visits } from './traffic.js';

/** A server's log: what it says as it starts, and its visitors. Nothing is made before somebody reads. */
export function serverLog(options: ContainerOptions, plan: Extract<Plan, { is: 'serve' }>, startedAt: number): Log {
  const { container, env, image, imageName, node, pod } = options;
  const shown = image.args[0] === '/app/server' ? shortName(imageName) : imageName;
  const said = (): LogLine[] => banner(plan.kind, startedAt, { image: shown, env }, plan.ports[0] ?? 0);
  const listensAt = startedAt + plan.listensAfterMs;
  return new Log((from, to) => {
    const begun = from < startedAt + 2000 ? said().filter((line) => line.at > from && line.at <= to) : [];
    if (!isWeb(plan.kind) || to <= listensAt) return begun;
    const facts = { node: node.address, hasVisitors: options.hasVisitors(), startedAt };
    return [...begun, ...visits(plan.kind, pod.metadata.uid ?? '', container, facts, Math.max(from, listensAt), to)];
  }, startedAt);
}

/** `shop` of `ghcr.io/acme/shop:1.2`. */
export const shortName = (image: string): string => (image.split('@')[0] ?? '').split('/').pop()?.split(':')[0] ?? '';
