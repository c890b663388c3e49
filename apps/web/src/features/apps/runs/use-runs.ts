import type { Run } from '@fairlead/shared';
import { useQuery } from '@tanstack/react-query';
import { type ApiError, call } from '@/lib/api';
import { routes } from '@/lib/routes';
import { isUnderWay } from '../schedule/run-words';

const everyMs = 1_500;

/** The last runs of an app: told by no topic, so asked while one is under way. */
export function useRuns(project: string, app: string) {
  return useQuery<{ items: Run[]; next: string | null }, ApiError>({
    queryKey: [routes.listRuns.path, project, app],
    queryFn: ({ signal }) => call(routes.listRuns, { params: { project, app }, query: { limit: 30 }, signal }),
    refetchInterval: ({ state }) => (state.data?.items.some(isUnderWay) ? everyMs : false),
  });
}

/** The end of a run's log, as it grows. */
export function useRunLog(project: string, app: string, run: Run) {
  return useQuery<{ text: string; truncated: boolean; kept: boolean }, ApiError>({
    // Asked anew when it is over: then it is what was kept.
    queryKey: [routes.getRunLog.path, project, app, run.id, isUnderWay(run)],
    queryFn: ({ signal }) => call(routes.getRunLog, { params: { project, app, run: run.id }, signal }),
    enabled: run.kind === 'to-end' && (isUnderWay(run) ? run.pod !== null : run.log !== null),
    refetchInterval: isUnderWay(run) ? everyMs : false,
  });
}
