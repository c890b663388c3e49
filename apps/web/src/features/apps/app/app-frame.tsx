'use client';
import type { App } from '@fairlead/shared';
import { type ReactNode, useEffect, useMemo } from 'react';
import { Asked } from '@/components/asked';
import { LinkButton } from '@/components/button';
import { Empty } from '@/components/empty';
import { PageHeader } from '@/components/page-header';
import { useAsk, useRefresh } from '@/lib/ask';
import { useRow, useTopic, useTopicState } from '@/lib/live/use-live';
import { paths } from '@/lib/paths';
import { allows, lacking, roleIn } from '@/lib/roles';
import { routes } from '@/lib/routes';
import { useMe } from '@/lib/use-me';
import { HoldBanner } from '../hold/hold-banner';
import { AppContextProvider, type AppHandle } from './app-context';
import { AppHeader } from './app-header';

/** What stands over every page of one app: its name and state, its acts and its tabs. */
export function AppFrame({ project, app, children }: { project: string; app: string; children: ReactNode }) {
  const answer = useAsk(routes.getApp, { params: { project, app } });
  if (!answer.data && answer.error?.status === 404) {
    return (
      <>
        <PageHeader title={app} context={project} />
        <Empty
          kind="not-allowed"
          title={`There is no app ${app} in ${project}, or you may not see it`}
          action={<LinkButton href={paths.apps(project)}>Apps of {project}</LinkButton>}
        >
          It may have been deleted: the audit log says by whom.
        </Empty>
      </>
    );
  }
  return (
    <Asked answer={answer} waitingFor={app} rows={6}>
      {(data) => (
        <Told key={data.id} project={project} appRef={app} app={data}>
          {children}
        </Told>
      )}
    </Asked>
  );
}

function Told({ project, appRef, app, children }: { project: string; appRef: string; app: App; children: ReactNode }) {
  const topic = useTopic('app', { app: app.id });
  const state = useTopicState(topic);
  const row = useRow(topic, app.id);
  const role = roleIn(useMe(), project);
  useWantedFollows(app, row?.revision, row?.revisionState);
  const handle = useMemo<AppHandle>(
    () => ({
      app,
      row,
      status: row?.status ?? null,
      state,
      project,
      ref: appRef,
      lacks: (act, permission) => (allows(role, permission) ? null : lacking(act, permission, project)),
    }),
    [app, row, state, project, appRef, role],
  );
  return (
    <AppContextProvider value={handle}>
      <AppHeader />
      <HoldBanner />
      {children}
    </AppContextProvider>
  );
}

/** When someone else makes a new revision, what is wanted is asked again. */
function useWantedFollows(app: App, revision: number | undefined, revisionState: string | undefined) {
  const refresh = useRefresh();
  const known = `${app.revision.number} ${app.revision.state}`;
  const told = revision === undefined ? known : `${revision} ${revisionState}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what is told asks again, not the answer to it
  useEffect(() => {
    if (told !== known) refresh(routes.getApp, routes.listRevisions, routes.listAudit);
  }, [told]);
}
