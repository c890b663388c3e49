'use client';
import type { AppSecret } from '@fairlead/shared';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { Asked } from '@/components/asked';
import { Button } from '@/components/button';
import { ConfirmDialog } from '@/components/confirm-dialog';
import { Panel } from '@/components/panel';
import { useToast } from '@/components/toast';
import { useAct, useAsk } from '@/lib/ask';
import { routes } from '@/lib/routes';
import { Ago } from '@/lib/time';
import { useApp } from '../app/app-context';
import { type GivenSecret, SecretDialog } from './secret-dialog';

/** The app's own secrets by name: values go in, and none comes out again. */
export function SecretsPanel() {
  const { app, project, lacks } = useApp();
  const params = { project, app: app.id };
  const answer = useAsk(routes.listAppSecrets, { params });
  const act = useAct(routes.changeAppSecrets, [routes.listAppSecrets, routes.getApp, routes.listRevisions, routes.listAudit]);
  const [giving, setGiving] = useState<AppSecret | 'new' | null>(null);
  const [removing, setRemoving] = useState<AppSecret | null>(null);
  const { show } = useToast();
  const refused =
    lacks('Changing them', 'apps.change') ?? (app.spec.kind === 'image' ? null : 'An app from manifests names its Secrets itself');
  const close = () => {
    // The value is not to outlive its dialog.
    act.reset();
    setGiving(null);
    setRemoving(null);
  };
  const send = (body: Parameters<typeof act.mutate>[0]['body']) =>
    act.mutate(
      { params, body },
      {
        onSuccess: ({ revision }) => {
          close();
          show(
            revision.number === app.revision.number
              ? { title: 'Nothing changed: it is the value that stands' }
              : { title: `Asked: ${revision.summary}`, description: 'The pods are replaced one by one.' },
          );
        },
      },
    );
  const give = ({ name, value, env, path }: GivenSecret) =>
    send({ set: [{ name, ...(value === '' ? {} : { value }), env, path: path === '' ? null : path }] });
  return (
    <Panel
      title="Secrets"
      actions={
        <Button size="small" refused={refused} onClick={() => setGiving('new')}>
          <Plus size={14} strokeWidth={1.75} aria-hidden />
          Secret
        </Button>
      }
    >
      <Asked answer={answer} waitingFor="the secrets" rows={2}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="text-muted text-sm">
              {app.spec.kind === 'image'
                ? 'None. A secret is a value that is written to the cluster and never shown again: a variable or a file of the container.'
                : 'None: this app comes from manifests, which name their Secrets themselves.'}
            </p>
          ) : (
            <ul className="flex flex-col divide-y">
              {items.map((secret) => (
                <li key={secret.name} className="flex flex-wrap items-center gap-x-3 gap-y-1 py-1.5 first:pt-0 last:pb-0">
                  <span className="min-w-0 flex-1 basis-48 text-sm">
                    <span className="break-all font-mono">{secret.name}</span>{' '}
                    <span className="text-muted text-xs">
                      {[secret.env ? 'variable' : null, secret.path ? `file ${secret.path}` : null].filter(Boolean).join(' and ')}
                    </span>
                    <span className="block text-muted text-xs">
                      write-only: set <Ago at={secret.setAt} /> by {secret.setBy}, in revision {secret.revision}
                    </span>
                  </span>
                  <Button size="small" refused={refused} label={`Replace ${secret.name}`} onClick={() => setGiving(secret)}>
                    Replace…
                  </Button>
                  <Button size="small" refused={refused} label={`Remove ${secret.name}`} onClick={() => setRemoving(secret)}>
                    Remove…
                  </Button>
                </li>
              ))}
            </ul>
          )
        }
      </Asked>
      {giving ? (
        <SecretDialog
          app={app.name}
          secret={giving === 'new' ? null : giving}
          busy={act.isPending}
          error={act.error}
          onClose={close}
          onGive={give}
        />
      ) : null}
      <ConfirmDialog
        open={removing !== null}
        level={1}
        onClose={close}
        title={`Remove ${removing?.name}`}
        act={`Remove ${removing?.name}`}
        busy={act.isPending}
        error={act.error}
        onConfirm={() => removing && send({ remove: [removing.name] })}
      >
        <p>
          The pods of {app.name} are replaced by pods without it. A rollback to one of the ten newest revisions finds the value again; after
          that the cluster forgets it.
        </p>
      </ConfirmDialog>
    </Panel>
  );
}
