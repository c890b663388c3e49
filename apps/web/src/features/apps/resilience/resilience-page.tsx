'use client';
import { parseAsString, useQueryState } from 'nuqs';
import { Asked } from '@/components/asked';
import { useAsk } from '@/lib/ask';
import { routes } from '@/lib/routes';
import { useApp } from '../app/app-context';
import { DrillReportPanel } from './drill-report';
import { DrillsPanel } from './drills-panel';
import { MomentsPanel } from './moments-panel';
import { useDrill } from './use-drill';

/** What the app bears: drills and their reports, and what happened to it. */
export function ResiliencePage() {
  const { app, project } = useApp();
  const [chosen, choose] = useQueryState('drill', parseAsString);
  const drills = useAsk(routes.listDrills, { params: { project, app: app.id }, query: { limit: 20 } });
  const open = chosen ?? drills.data?.items[0]?.id ?? null;
  const drill = useDrill(project, app.id, open);
  return (
    <div className="grid items-start gap-4 wide:grid-cols-[minmax(0,1fr)_28rem]">
      <div className="flex min-w-0 flex-col gap-4">
        <Asked answer={drills} waitingFor="the drills" rows={4}>
          {({ items }) => <DrillsPanel drills={items} open={open} onOpen={(id) => void choose(id)} />}
        </Asked>
        {open ? (
          <Asked answer={drill} waitingFor="the drill" rows={6}>
            {(data) => <DrillReportPanel key={data.id} drill={data} />}
          </Asked>
        ) : null}
      </div>
      <MomentsPanel />
    </div>
  );
}
