'use client';
import type { wakeApp } from '@fairlead/shared';
import { useToast } from '@/components/toast';
import { useAct } from '@/lib/ask';
import { routes, type WebRoute } from '@/lib/routes';
import { useApp } from './app/app-context';
import { undoneFailed } from './text';

type Revising = typeof wakeApp;

/** An act that makes a revision of the app and needs nothing said with it: sleep, wake, suspend, resume. Its toast takes it back. */
export function useRevising(route: WebRoute<Revising>, done: string) {
  const { app, project } = useApp();
  const asked = [routes.getApp, routes.getSchedule, routes.listRevisions, routes.listAudit];
  const act = useAct(route, asked);
  const undo = useAct(routes.undoApp, asked);
  const { show } = useToast();
  const params = { project, app: app.id };
  const run = (then?: () => void) =>
    act.mutate(
      { params },
      {
        onSuccess: ({ revision }) => {
          then?.();
          show({
            title: `Asked: ${app.name} ${done}`,
            description: revision.summary,
            undo: () =>
              undo.mutate(
                { params, body: { revision: revision.number } },
                { onError: (failure) => show({ title: undoneFailed, description: failure.message }) },
              ),
          });
        },
      },
    );
  return { run, busy: act.isPending, error: act.error };
}
