'use client';
import { useQuery } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { CodeBlock, CommandTabs } from '@/components/as-command';
import { Asked } from '@/components/asked';
import { LinkButton } from '@/components/button';
import { Actions, Dialog } from '@/components/dialog';
import { type ApiError, addressOf, callText } from '@/lib/api';
import { routes } from '@/lib/routes';
import { exportCommands } from '../commands';
import { useApp } from './app-context';
import { commandTarget } from './command-target';

/** The way out: the objects of the revision that stands as plain YAML. */
export function ExportDialog({ onClose }: { onClose: () => void }) {
  const { app } = useApp();
  const params = { project: app.project.name, app: app.id };
  const answer = useQuery<string, ApiError>({
    queryKey: [routes.exportApp.path, params, app.revision.number],
    queryFn: ({ signal }) => callText(routes.exportApp, { params, signal }),
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={`${app.name} as YAML`}
      description={`Revision ${app.revision.number}, for kubectl apply elsewhere, without anything of Fairlead. Values of Secrets are not in it.`}
      size="large"
    >
      <Asked answer={answer} waitingFor="The YAML" rows={8}>
        {(yaml) => <CodeBlock text={yaml} label="Copy the YAML" />}
      </Asked>
      <details className="mt-3">
        <summary className="w-fit text-link text-sm">As REST</summary>
        <div className="mt-2">
          <CommandTabs commands={exportCommands(commandTarget(app), app.objects)} />
        </div>
      </details>
      <Actions>
        <LinkButton href={addressOf(routes.exportApp, { params })} download variant="primary">
          <Download size={16} strokeWidth={1.75} aria-hidden />
          Download {app.name}.yaml
        </LinkButton>
      </Actions>
    </Dialog>
  );
}
