'use client';
import type { LeftField } from '@fairlead/shared';
import { AsCommand } from '@/components/as-command';
import { Button } from '@/components/button';
import { ErrorBox } from '@/components/error-box';
import { Panel } from '@/components/panel';
import { useToast } from '@/components/toast';
import { useAct } from '@/lib/ask';
import { routes } from '@/lib/routes';
import { Ago } from '@/lib/time';
import { useApp } from '../app/app-context';
import { commandTarget } from '../app/command-target';
import { takeOverCommands } from '../commands';

/** Fields that the app leaves to whoever had set them; nothing where there are none. */
export function LeftPanel() {
  const { app, project, lacks } = useApp();
  const { show } = useToast();
  const change = useAct(routes.changeApp, [routes.getApp, routes.listRevisions, routes.listAudit]);
  const refused = lacks('Changing it', 'apps.change');
  if (app.left.length === 0) return null;
  const takeOver = ({ object, field }: LeftField) =>
    change.mutate(
      {
        params: { project, app: app.id },
        body: { spec: {}, conflicts: [{ object, field, choice: 'take-over' }] },
        ifMatch: app.revision.number,
      },
      { onSuccess: (accepted) => show({ title: `Asked: ${accepted.revision.summary}` }) },
    );
  return (
    <Panel
      title="Left to others"
      count={app.left.length}
      actions={
        <AsCommand
          what="Take them over"
          commands={{ rest: app.left.map((each) => takeOverCommands(commandTarget(app), each, app.revision.number).rest).join('\n\n') }}
        />
      }
    >
      <p className="mb-2 text-muted text-sm">
        The app neither sends nor watches these fields. Taking one over makes a revision, and puts there what the app wants.
      </p>
      <ul className="flex flex-col text-sm">
        {app.left.map((each) => (
          <li key={`${each.object} ${each.field}`} className="flex flex-wrap items-center gap-x-3 gap-y-1 border-t py-1.5 first:border-t-0">
            <span className="min-w-48 flex-1 break-words">
              left to {each.owner.name}: <span className="break-all font-mono text-xs">{each.field}</span> of {each.object}{' '}
              <span className="text-muted text-xs">
                <Ago at={each.since} />
              </span>
            </span>
            <Button
              size="small"
              busy={change.isPending}
              refused={refused}
              label={`Take over: ${each.field} of ${each.object}`}
              onClick={() => takeOver(each)}
            >
              Take over
            </Button>
          </li>
        ))}
      </ul>
      {change.error ? <ErrorBox error={change.error} /> : null}
    </Panel>
  );
}
