'use client';
import { KeyValue } from '@/components/key-value';
import { Panel } from '@/components/panel';
import { useNow } from '@/lib/time';
import { Address } from '../address';
import { PortsPanel } from '../ports/ports-panel';
import { RolloutLine } from '../rollout-line';
import { rolloutSteps } from '../rollout-steps';
import { SchedulePanel } from '../schedule/schedule-panel';
import { ScheduledRunsPanel } from '../schedule/scheduled-runs-panel';
import { AsleepPanel } from '../sleep/asleep-panel';
import { useApp } from './app-context';
import { ChangesPanel } from './changes-panel';
import { DriftPanel } from './drift-panel';
import { EventsPanel } from './events-panel';
import { PodsPanel } from './pods-panel';
import { SizePanel } from './size-panel';
import { Verdict } from './verdict';

/** One app: verdict, size, pods, rollout, traffic, changes. At 390 px one column in this order. */
export function AppOverviewPage() {
  const scheduled = useApp().app.workload?.kind === 'CronJob';
  return (
    <div className="grid items-start gap-4 wide:grid-cols-[minmax(0,1fr)_24rem]">
      <div className="contents wide:flex wide:flex-col wide:gap-4">
        <div className="order-1 flex min-w-0 flex-col gap-4">
          <Verdict />
          <AsleepPanel />
          <DriftPanel />
        </div>
        <div className="order-3 flex min-w-0 flex-col gap-4">
          {scheduled ? <ScheduledRunsPanel /> : null}
          <PodsPanel />
        </div>
        <RolloutPanel />
        <div className="order-7 min-w-0">
          <EventsPanel />
        </div>
      </div>
      <div className="contents wide:flex wide:flex-col wide:gap-4">
        <div className="order-2 min-w-0">{scheduled ? <SchedulePanel /> : <SizePanel />}</div>
        <div className="order-5 min-w-0">
          <Traffic />
        </div>
        <div className="order-5 min-w-0">
          <PortsPanel />
        </div>
        <div className="order-6 min-w-0">
          <ChangesPanel />
        </div>
      </div>
    </div>
  );
}

const keptMs = 10 * 60_000;

/** While it runs, and ten minutes after. */
function RolloutPanel() {
  const { row } = useApp();
  const rollout = row?.status?.rollout;
  const endedAt = rollout?.endedAt ? Date.parse(rollout.endedAt) : 0;
  const now = useNow(endedAt);
  const runs = row !== undefined && (row.revisionState === 'pending' || row.revisionState === 'applying' || row.status?.asked);
  if (!row || !(runs || (rollout && (endedAt === 0 || now - endedAt < keptMs)))) return null;
  return (
    <div className="order-4 min-w-0">
      <Panel title={`Rollout of revision ${row.revision}`}>
        <RolloutLine steps={rolloutSteps(row, row.revision)} />
      </Panel>
    </div>
  );
}

function Traffic() {
  const { app, status } = useApp();
  const service = app.objects.find(({ kind }) => kind === 'Service');
  const ready = status?.replicas?.ready ?? null;
  return (
    <Panel title="Traffic">
      <KeyValue
        entries={[
          [
            'From outside',
            status?.address ? (
              <Address key="out" status={{ address: status.address, internalAddress: null }} />
            ) : (
              <None key="out" text="no address" />
            ),
          ],
          [
            'Inside',
            status?.internalAddress ? (
              <Address key="in" status={{ address: null, internalAddress: status.internalAddress }} />
            ) : (
              <None key="in" text="no Service" />
            ),
          ],
          ['Goes to', service && ready !== null ? `Service ${service.name}, ${ready} ready` : <None key="to" text="–" />],
        ]}
      />
    </Panel>
  );
}

const None = ({ text }: { text: string }) => <span className="text-muted">{text}</span>;
