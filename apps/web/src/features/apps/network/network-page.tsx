'use client';
import { useEffect } from 'react';
import { AsCommand } from '@/components/as-command';
import { Asked } from '@/components/asked';
import { useAsk, useRefresh } from '@/lib/ask';
import { useRows, useTopic, useTopicState } from '@/lib/live/use-live';
import { routes } from '@/lib/routes';
import { useApp } from '../app/app-context';
import { commandTarget } from '../app/command-target';
import { networkCommands } from '../commands';
import { EndpointsPanel } from './endpoints-panel';
import { PoliciesPanel } from './policies-panel';
import { ReachPanel } from './reach-panel';
import { RoutesPanel } from './routes-panel';
import { ServicesPanel } from './services-panel';

/** How the app is found, who answers for it now, and who may reach it. */
export function NetworkPage() {
  const { app, row, project } = useApp();
  const topic = useTopic('endpoints', { app: app.id });
  const state = useTopicState(topic);
  const endpoints = useRows(topic);
  const answer = useAsk(routes.getAppNetwork, { params: { project, app: app.id } });
  // Endpoints are told; what stands around them is asked again when a revision is applied, something drifts, or endpoints come and go.
  useAskAgain(
    `${row?.revision} ${row?.revisionState} ${JSON.stringify(row?.status?.drift ?? [])} ${endpoints.map(({ key }) => key).join()}`,
  );
  return (
    <Asked answer={answer} waitingFor="the network" rows={8}>
      {(network) => (
        <div className="flex flex-col gap-4">
          <ReachPanel
            network={network}
            actions={<AsCommand commands={networkCommands(commandTarget(app))} what={`How ${app.name} is found and reached`} />}
          />
          <div className="grid items-start gap-4 wide:grid-cols-2">
            <ServicesPanel network={network} />
            <div className="flex min-w-0 flex-col gap-4">
              <EndpointsPanel rows={endpoints} state={state} services={network.services} />
              <RoutesPanel network={network} />
            </div>
          </div>
          <PoliciesPanel network={network} />
        </div>
      )}
    </Asked>
  );
}

function useAskAgain(told: string) {
  const refresh = useRefresh();
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what is told asks again
  useEffect(() => {
    const timer = setTimeout(() => refresh(routes.getAppNetwork), 500);
    return () => clearTimeout(timer);
  }, [told]);
}
