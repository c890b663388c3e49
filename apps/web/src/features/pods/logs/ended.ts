import type { PodRow } from '@fairlead/shared';

/**
 * Where the log of the run before stands. A container that ended and has not come again yet has it as its current log: asked for an earlier one,
 * the kubelet refuses. Null: none of its runs has ended.
 */
export function endedRun({ containers }: Pick<PodRow, 'containers'>, container: string | null): 'previous' | 'current' | null {
  const [found] = container === null ? containers : containers.filter(({ name }) => name === container);
  if (!found) return null;
  if (found.restarts > 0) return 'previous';
  return found.state === 'terminated' ? 'current' : null;
}
