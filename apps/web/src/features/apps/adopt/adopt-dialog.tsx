'use client';
import type { Adoptable } from '@fairlead/shared';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Button } from '@/components/button';
import { Actions, Dialog } from '@/components/dialog';
import { ErrorBox } from '@/components/error-box';
import { TextField } from '@/components/field';
import { useToast } from '@/components/toast';
import { call } from '@/lib/api';
import { useAct, useAsk } from '@/lib/ask';
import { onSubmit } from '@/lib/form';
import { paths } from '@/lib/paths';
import { routes } from '@/lib/routes';
import { deriveName, freeName } from '../deploy/derive-name';
import type { Place } from '../deploy/place';
import { blockedBy, PlanState, PlanView, unfinishedBy } from '../plan-view';
import { usePlan } from '../use-plan';

/** Level 1: what taking it in changes is shown first, against what lives now; then the app's own page. */
export function AdoptDialog({ project, place, item, onClose }: { project: string; place: Place; item: Adoptable; onClose: () => void }) {
  const router = useRouter();
  const { show } = useToast();
  const apps = useAsk(routes.listApps, { params: { project }, query: { cluster: place.cluster, namespace: place.namespace, limit: 500 } });
  const [typed, setTyped] = useState<string | null>(null);
  const taken = apps.data?.items.map(({ name }) => name) ?? [];
  const name = typed ?? freeName(deriveName(item.name), taken);
  const params = { project };
  const spec = { kind: 'manifests' as const, yaml: item.yaml };
  const body = name && apps.data ? { name, cluster: place.cluster, namespace: place.namespace, spec, adopt: true } : null;
  const answer = usePlan(body && JSON.stringify({ project, ...body }), (signal) =>
    body ? call(routes.planNewApp, { params, body, signal }) : Promise.reject(new Error('nothing to plan')),
  );
  const act = useAct(routes.createApp, [routes.listAdoptable, routes.listApps, routes.listProjects, routes.getProject, routes.listAudit]);
  const blocked = answer.current ? (unfinishedBy(answer) ?? blockedBy(answer.plan)) : 'The plan is being made';
  const refused = body ? blocked : 'Give the app a name';
  const submit = () => {
    if (!body || refused) return;
    act.mutate(
      { params, body: { ...body, planHash: answer.plan?.hash } },
      {
        onSuccess: ({ app }) => {
          show({ title: `${app.name} is an app now`, description: 'Nothing was restarted.' });
          router.push(paths.app(project, app.name === 'new' || taken.includes(app.name) ? app.id : app.name));
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
      title={`Adopt ${item.kind}/${item.name}`}
      description={`In ${place.namespace} on ${place.cluster}: what it changes, against what lives now`}
      size="large"
    >
      <form onSubmit={onSubmit(submit)} className="flex flex-col gap-4">
        <TextField
          label="Name of the app"
          value={name}
          onChange={setTyped}
          error={answer.error?.issue('name')}
          hint="It stays. The objects keep their own names."
          mono
          required
        />
        <div>
          <PlanState answer={answer} />
        </div>
        <PlanView answer={answer} idle="" />
        {act.error ? <ErrorBox error={act.error} /> : null}
        <Actions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={act.isPending} refused={refused}>
            Adopt as {name || 'an app'}
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}
