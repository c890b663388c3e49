'use client';
import type { AppNetwork } from '@fairlead/shared';
import { useState } from 'react';
import { Button } from '@/components/button';
import { Actions, Dialog } from '@/components/dialog';
import { ErrorBox } from '@/components/error-box';
import { useToast } from '@/components/toast';
import { call } from '@/lib/api';
import { useAct } from '@/lib/ask';
import { onSubmit } from '@/lib/form';
import { routes } from '@/lib/routes';
import { useApp } from '../app/app-context';
import { blockedBy, PlanState, PlanView, unfinishedBy } from '../plan-view';
import { undoneFailed } from '../text';
import { usePlan } from '../use-plan';
import { DirectionFields } from './direction-fields';
import { draftOf, isComplete, patchOf } from './rule-draft';

/** The app's rules as a form, with the plan of them below; undone by the app's own undo. */
export function RulesDialog({ network, onClose }: { network: AppNetwork; onClose: () => void }) {
  const { app, project } = useApp();
  const before = app.spec.kind === 'image' ? app.spec.network : undefined;
  const [draft, setDraft] = useState(() => draftOf(before));
  const change = useAct(routes.changeApp, [routes.getApp, routes.getAppNetwork, routes.listRevisions, routes.listAudit]);
  const { show } = useToast();
  const params = { project, app: app.id };
  const spec = { network: patchOf(draft) };
  const complete = isComplete(draft);
  const differs = JSON.stringify(spec.network) !== JSON.stringify(patchOf(draftOf(before)));
  const answer = usePlan(differs && complete ? JSON.stringify([app.id, app.revision.number, spec]) : null, (signal) =>
    call(routes.planApp, { params, body: { spec }, signal }),
  );
  const refused = !differs
    ? 'Nothing is changed yet'
    : !complete
      ? 'A rule is not finished'
      : answer.current
        ? (unfinishedBy(answer) ?? blockedBy(answer.plan))
        : null;
  const undo = () => {
    call(routes.undoApp, { params, body: {} }).catch((error: unknown) =>
      show({ title: undoneFailed, description: error instanceof Error ? error.message : undefined }),
    );
  };
  const submit = () => {
    if (refused || change.isPending) return;
    change.mutate(
      { params, body: { spec, planHash: answer.current ? answer.plan?.hash : undefined }, ifMatch: app.revision.number },
      {
        onSuccess: () => {
          onClose();
          show({ title: `Asked: network rules of ${app.name}`, description: 'No pod restarts for them.', undo });
        },
        onError: (error) => {
          if (error.code === 'plan_changed') answer.again();
        },
      },
    );
  };
  const offers = network.controllers.map(({ namespace }) => ({
    label: `From the ingress controller in ${namespace}`,
    rule: { kind: 'other-namespace' as const, value: namespace },
  }));
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Network rules of ${app.name}`}
      description="They become one NetworkPolicy that selects the app's pods."
      size="large"
    >
      <form onSubmit={onSubmit(submit)} className="flex flex-col gap-5">
        <DirectionFields
          title="Who may reach it"
          side="From"
          only="Only those listed here"
          none="Nobody: not even the ingress controller. Add who may."
          rules={draft.ingress}
          offers={network.routes.length > 0 ? offers : []}
          onChange={(ingress) => setDraft((old) => ({ ...old, ingress }))}
        />
        {draft.ingress !== null && network.routes.length > 0 && offers.length === 0 ? (
          <p className="text-muted text-sm">
            The app has routes, and the namespace of the ingress controller could not be seen: add a rule for it, by its namespace or its
            addresses, or the routes go dead.
          </p>
        ) : null}
        <DirectionFields
          title="Whom it may reach"
          side="To"
          only="Only those listed here, and the cluster's names"
          none="Nothing, besides asking names (port 53) of the cluster."
          rules={draft.egress}
          onChange={(egress) => setDraft((old) => ({ ...old, egress }))}
        />
        <section aria-label="Plan" className="rounded-panel border p-3">
          <div className="mb-2 flex items-center gap-3">
            <h3 className="font-medium text-sm">Plan</h3>
            {differs && complete ? <PlanState answer={answer} /> : null}
          </div>
          <PlanView
            answer={answer}
            idle={differs ? (complete ? '' : 'The plan comes when every rule is finished.') : 'Nothing is changed yet.'}
          />
        </section>
        {change.error ? <ErrorBox error={change.error} /> : null}
        <Actions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={change.isPending} refused={refused}>
            Set the rules
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}
