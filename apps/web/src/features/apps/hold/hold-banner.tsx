'use client';
import { Hand } from 'lucide-react';
import { AsCommand } from '@/components/as-command';
import { Button } from '@/components/button';
import { useToast } from '@/components/toast';
import { useAct } from '@/lib/ask';
import { routes } from '@/lib/routes';
import { Ago, Until, useNow } from '@/lib/time';
import { useApp } from '../app/app-context';
import { commandTarget } from '../app/command-target';
import { liftHoldCommands } from '../commands';
import { stands } from './hold-words';

/** Over every page of an app that is held: who said so, why, and the way out. */
export function HoldBanner() {
  const { app, project, lacks } = useApp();
  const { show } = useToast();
  const lift = useAct(routes.liftHold, [routes.getApp, routes.listAudit]);
  const now = useNow(app.hold?.until ? Date.parse(app.hold.until) : 0);
  if (!stands(app.hold, now)) return null;
  const { by, since, until, reason } = app.hold;
  return (
    <section
      aria-label="Held"
      className="mb-4 flex flex-wrap items-center gap-x-3 gap-y-2 rounded-panel border border-warn-solid bg-warn-tint px-3 py-2.5 text-sm"
    >
      <Hand size={16} strokeWidth={1.75} aria-hidden className="shrink-0 text-warn" />
      <p className="min-w-0 flex-1 basis-60 break-words">
        <span className="font-medium">Held by {by.name}</span>
        <span className="text-muted">
          , <Ago at={since} />
          {until ? (
            <>
              , ends <Until at={until} />
            </>
          ) : null}
        </span>
        : {reason}
        <span className="block text-muted">Robots and API tokens do not change it meanwhile. You can, and go over the hold by it.</span>
      </p>
      <AsCommand what={`Lift the hold of ${app.name}`} commands={liftHoldCommands(commandTarget(app))} />
      <Button
        size="small"
        busy={lift.isPending}
        refused={lacks('Lifting the hold', 'apps.rollback')}
        onClick={() =>
          lift.mutate(
            { params: { project, app: app.id } },
            {
              onSuccess: () => show({ title: `Lifted: ${app.name} may be changed by robots and tokens again` }),
              onError: (error) => show({ title: 'Not lifted', description: error.message }),
            },
          )
        }
      >
        Lift the hold
      </Button>
    </section>
  );
}
