import type { Pod } from '../pod.js';

export const sceneAnnotation = 'sandbox.fairlead.dev/scene';
export const loadAnnotation = 'sandbox.fairlead.dev/load';
export const lostAnnotation = 'sandbox.fairlead.dev/lost';

/** What was ordered to happen to a container instead of what its image would do. Times count from its start. */
export type Scene =
  | { is: 'missing-image' }
  | { is: 'private-registry' }
  | { is: 'slow-pull'; forMs: number }
  | { is: 'bad-command' }
  | { is: 'crash'; afterMs: number; exitCode: number; words: string }
  | { is: 'complete'; afterMs: number; words: string }
  | { is: 'oom'; afterMs: number }
  | { is: 'readiness'; afterMs: number; forMs: number }
  | { is: 'liveness'; afterMs: number }
  | { is: 'slow-start'; forMs: number }
  | { is: 'hang' };

/**
 * The scene for one container: annotation `sandbox.fairlead.dev/scene.<container>`, or `sandbox.fairlead.dev/scene` for all but init containers.
 * `crash exit=3 after=5s words=cannot reach the database`. Undefined: no order, or one that nobody understands.
 */
export function sceneFor({ metadata, spec }: Pod, container: string): Scene | undefined {
  const own = metadata.annotations?.[`${sceneAnnotation}.${container}`];
  const common = spec.initContainers?.some((each) => each.name === container) ? undefined : metadata.annotations?.[sceneAnnotation];
  const text = own ?? common;
  return text === undefined ? undefined : parseScene(text);
}

export function parseScene(text: string): Scene | undefined {
  const [head = '', words = ''] = text.trim().split(/\bwords=([\s\S]*)/);
  const [name = '', ...pairs] = head.trim().split(/\s+/);
  const given = new Map(pairs.map((pair) => pair.split('=') as [string, string]));
  const ms = (key: string, otherwise: number): number => duration(given.get(key)) ?? otherwise;
  switch (name) {
    case 'missing-image':
    case 'private-registry':
    case 'bad-command':
    case 'hang':
      return { is: name };
    case 'slow-pull':
      return { is: name, forMs: ms('for', 60_000) };
    case 'crash':
      return {
        is: name,
        afterMs: ms('after', 1000),
        exitCode: Number(given.get('exit') ?? 1) || 1,
        words: words || 'fatal: something that it needs is not there',
      };
    case 'complete':
      return { is: name, afterMs: ms('after', 5000), words };
    case 'oom':
      return { is: name, afterMs: ms('after', 5000) };
    case 'readiness':
      return { is: name, afterMs: ms('after', 0), forMs: ms('for', Number.POSITIVE_INFINITY) };
    case 'liveness':
      return { is: name, afterMs: ms('after', 20_000) };
    case 'slow-start':
      return { is: name, forMs: ms('for', 30_000) };
    default:
      return undefined;
  }
}

/** `500ms`, `5s`, `2m`, `1h`; a bare number is seconds. */
export function duration(text: string | undefined): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text ?? '');
  if (!match) return undefined;
  const units = { ms: 1, s: 1000, m: 60_000, h: 3600_000 } as const;
  return Number(match[1]) * units[(match[2] ?? 's') as keyof typeof units];
}
