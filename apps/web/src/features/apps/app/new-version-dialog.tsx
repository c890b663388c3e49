'use client';
import type { App } from '@fairlead/shared';
import { type KeyboardEvent, useState } from 'react';
import { Button } from '@/components/button';
import { Actions, Dialog } from '@/components/dialog';
import { ErrorBox } from '@/components/error-box';
import { TextField } from '@/components/field';
import { useToast } from '@/components/toast';
import { call } from '@/lib/api';
import { useAct } from '@/lib/ask';
import { onSubmit } from '@/lib/form';
import { routes } from '@/lib/routes';
import { changeCommands } from '../commands';
import { useChoices } from '../conflicts/use-choices';
import { blockedBy, PlanState, PlanView, unfinishedBy } from '../plan-view';
import { undoneFailed } from '../text';
import { usePlan } from '../use-plan';
import { useApp } from './app-context';
import { commandTarget } from './command-target';

const versionCommands = (app: App, spec: { image: string }) =>
  changeCommands(commandTarget(app), { before: app.spec, after: { ...app.spec, ...spec }, patch: spec }, app.revision.number);

/** Another image for the app, its plan below as it is typed; undone by going back to the revision before. */
export function NewVersionDialog({ onClose }: { onClose: () => void }) {
  const { app, status, project } = useApp();
  const before = app.spec.image ?? status?.images[0] ?? '';
  const [image, setImage] = useState(before);
  const change = useAct(routes.changeApp, [routes.getApp, routes.listRevisions, routes.listAudit]);
  const { show } = useToast();
  const params = { project, app: app.id };
  const wanted = image.trim();
  const differs = wanted !== '' && wanted !== before;
  const spec = { image: wanted };
  const { choices, decide } = useChoices();
  const answer = usePlan(differs ? JSON.stringify([app.id, app.revision.number, spec, choices]) : null, (signal) =>
    call(routes.planApp, { params, body: { spec, conflicts: choices }, signal }),
  );
  const refused = differs ? (answer.current ? (unfinishedBy(answer) ?? blockedBy(answer.plan)) : null) : 'Name another image';
  const revision = app.revision.number;
  const undo = () => {
    call(routes.rollbackApp, { params, body: { revision } }).catch((error: unknown) =>
      show({ title: undoneFailed, description: error instanceof Error ? error.message : undefined }),
    );
  };
  const submit = () => {
    if (refused || change.isPending) return;
    const planHash = answer.current ? answer.plan?.hash : undefined;
    change.mutate(
      { params, body: { spec, planHash, conflicts: choices }, ifMatch: revision },
      {
        onSuccess: () => {
          onClose();
          show({ title: `Asked: ${app.name} with ${wanted}`, description: before ? `It was ${before}.` : undefined, undo });
        },
        onError: (error) => {
          if (error.code === 'plan_changed') answer.again();
        },
      },
    );
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    submit();
  };
  return (
    <Dialog open onClose={onClose} title={`New version of ${app.name}`} description={`${app.cluster.name} / ${app.namespace}`} size="large">
      <form onSubmit={onSubmit(submit)} onKeyDown={onKeyDown} className="flex flex-col gap-4">
        <TextField label="Image" value={image} onChange={setImage} mono autoFocus required error={answer.error?.issue('spec.image')} />
        <section aria-label="Plan" className="rounded-panel border p-3">
          <div className="mb-2 flex items-center gap-3">
            <h3 className="font-medium text-sm">Plan</h3>
            {differs ? <PlanState answer={answer} /> : null}
          </div>
          <PlanView
            answer={answer}
            idle={differs ? '' : `It runs ${before || 'no image'} now.`}
            commands={versionCommands(app, spec)}
            decide={decide}
          />
        </section>
        {change.error ? <ErrorBox error={change.error} /> : null}
        <Actions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={change.isPending} refused={refused} keys="Control+Enter">
            Deploy {differs ? wanted : 'it'}
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}
