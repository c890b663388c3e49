'use client';
import { AsCommand } from '@/components/as-command';
import { Button } from '@/components/button';
import { Panel } from '@/components/panel';
import { useToast } from '@/components/toast';
import { useAct } from '@/lib/ask';
import { routes } from '@/lib/routes';
import { Ago } from '@/lib/time';
import { correctCommands } from '../commands';
import { useApp } from './app-context';
import { commandTarget } from './command-target';

/** What somebody changed of the app behind its revision's back; nothing when it is as it was applied. */
export function DriftPanel() {
  const { app, status, project, lacks } = useApp();
  const { show } = useToast();
  const correct = useAct(routes.correctApp, [routes.listAudit]);
  const drift = status?.drift ?? [];
  if (drift.length === 0) return null;
  const putBack = () =>
    correct.mutate(
      { params: { project, app: app.id } },
      {
        onSuccess: () => show({ title: `Put back: ${app.name} is applied as revision ${app.revision.number} wants it` }),
        onError: (error) => show({ title: 'Not put back', description: error.message }),
      },
    );
  return (
    <Panel
      title="Changed in the cluster"
      count={drift.length}
      actions={
        <span className="flex flex-wrap items-center gap-2">
          <AsCommand what={`Put ${app.name} back`} commands={correctCommands(commandTarget(app), app.revision.number)} />
          <Button size="small" busy={correct.isPending} refused={lacks('Putting it back', 'apps.change')} onClick={putBack}>
            Put back
          </Button>
        </span>
      }
    >
      <ul className="flex flex-col gap-2 text-sm">
        {drift.map(({ object, field, wanted, found, by, at }) => (
          <li key={`${object} ${field}`} className="min-w-0 break-words">
            <span className="font-mono text-xs">
              {object} {field}
            </span>{' '}
            is {found}, wanted {wanted}
            <span className="text-muted">
              {by ? `, by ${by}` : ''}
              {at ? (
                <>
                  {' '}
                  <Ago at={at} />
                </>
              ) : null}
            </span>
          </li>
        ))}
      </ul>
      <p className="mt-2 text-muted text-sm">
        {app.policies.drift === 'correct'
          ? 'It was put back three times in ten minutes and changed again: it is left to whoever does that.'
          : 'The next change of the app asks whether to take it over or to leave it to whoever did it.'}
      </p>
    </Panel>
  );
}
