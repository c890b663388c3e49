import type { ScheduleView } from '@fairlead/shared';
import { useQuery } from '@tanstack/react-query';
import { type ApiError, call } from '@/lib/api';
import { routes } from '@/lib/routes';
import { isUnderWay } from './run-words';

const soonMs = 2_000;
const usuallyMs = 30_000;

/** A schedule and its runs are told by no topic: asked often while one runs, else now and then. */
export function useSchedule(project: string, app: string) {
  return useQuery<ScheduleView, ApiError>({
    queryKey: [routes.getSchedule.path, project, app],
    queryFn: ({ signal }) => call(routes.getSchedule, { params: { project, app }, signal }),
    refetchInterval: ({ state }) => (state.data?.runs.some(isUnderWay) ? soonMs : usuallyMs),
  });
}
