'use client';
import { useState } from 'react';
import { Button } from '@/components/button';
import { Actions, Dialog } from '@/components/dialog';
import { ErrorBox } from '@/components/error-box';
import { useToast } from '@/components/toast';
import { call } from '@/lib/api';
import { useAct } from '@/lib/ask';
import { serverNow } from '@/lib/clock';
import { onSubmit } from '@/lib/form';
import { routes } from '@/lib/routes';
import { useApp } from '../app/app-context';
import { commandTarget } from '../app/command-target';
import { rollbackCommands } from '../commands';
import { useChoices } from '../conflicts/use-choices';
import { HoldFields, type HoldForm, noHold } from '../hold/hold-fields';
import { holdWish } from '../hold/hold-words';
import { KeepersList } from '../hold/keepers-list';
import { blockedBy, PlanState, PlanView } from '../plan-view';
import { undoneFailed } from '../text';
import { usePlan } from '../use-plan';

/** Level 1: what going back changes is shown before it is asked, against what lives now. */
export function RollbackDialog({ revision, onClose }: { revision: number; onClose: () => void }) {
  const { app, project } = useApp();
  const params = { project, app: app.id };
  const before = app.revision.number;
  const { choices, decide } = useChoices();
  const [hold, setHold] = useState<HoldForm>(noHold);
  const answer = usePlan(
    JSON.stringify([app.id, before, { revision }, choices]),
    (signal) => call(routes.planApp, { params, body: { revision, conflicts: choices }, signal }),
    0,
  );
  const act = useAct(routes.rollbackApp, [routes.getApp, routes.listRevisions, routes.listAudit]);
  const { show } = useToast();
  const refused = answer.current ? blockedBy(answer.plan) : 'The plan is being made';
  const undo = () => {
    call(routes.rollbackApp, { params, body: { revision: before } }).catch((error: unknown) =>
      show({ title: undoneFailed, description: error instanceof Error ? error.message : undefined }),
    );
  };
  const held = () => (hold.on ? { hold: holdWish(hold.length, hold.reason, serverNow()) } : {});
  const submit = () => {
    if (refused) return;
    act.mutate(
      { params, body: { revision, planHash: answer.plan?.hash, conflicts: choices, ...held() } },
      {
        onSuccess: (accepted) => {
          onClose();
          show({
            title: `Asked: ${app.name} as in revision ${revision}`,
            description: `It is revision ${accepted.revision.number} now${accepted.app.hold ? ', and held there' : ''}.`,
            undo,
          });
        },
        onError: (error) => {
          if (error.code === 'plan_changed') answer.again();
        },
      },
    );
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Roll ${app.name} back to revision ${revision}`}
      description="What it changes, against what lives now"
      size="large"
    >
      <form onSubmit={onSubmit(submit)} className="flex flex-col gap-4">
        <div>
          <PlanState answer={answer} />
        </div>
        <KeepersList keepers={answer.plan?.keepers ?? []} />
        <PlanView
          answer={answer}
          idle=""
          commands={rollbackCommands(commandTarget(app), revision, { conflicts: choices, ...held() })}
          decide={decide}
        />
        <HoldFields form={hold} onChange={setHold} />
        {act.error ? <ErrorBox error={act.error} /> : null}
        <Actions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={act.isPending} refused={refused}>
            Roll back to {revision}
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}
