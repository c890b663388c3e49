import type { Drill } from '@fairlead/shared';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { type ApiError, call } from '@/lib/api';
import { useRefresh } from '@/lib/ask';
import { routes } from '@/lib/routes';

const everyMs = 1_000;

/** One drill, asked each second while it runs: its progress is told by no topic. When it has ended the lists are asked again. */
export function useDrill(project: string, app: string, drill: string | null) {
  const refresh = useRefresh();
  const answer = useQuery<Drill, ApiError>({
    queryKey: [routes.getDrill.path, project, app, drill],
    queryFn: ({ signal }) => call(routes.getDrill, { params: { project, app, drill: drill ?? '' }, signal }),
    enabled: drill !== null,
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? everyMs : false),
  });
  const runs = answer.data?.state === 'running';
  // biome-ignore lint/correctness/useExhaustiveDependencies: only the end asks again, not another way to ask
  useEffect(() => {
    if (!runs) return;
    return () => refresh(routes.listDrills, routes.listMoments);
  }, [runs, drill]);
  return answer;
}
