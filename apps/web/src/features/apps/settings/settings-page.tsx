'use client';
import type { App, AppSpec } from '@fairlead/shared';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Button } from '@/components/button';
import { ClusterName } from '@/components/cluster-name';
import { KeyValue } from '@/components/key-value';
import { Panel } from '@/components/panel';
import { counted } from '@/lib/format';
import { paths } from '@/lib/paths';
import { Ago } from '@/lib/time';
import { useApp } from '../app/app-context';
import { DeleteAppDialog } from '../app/delete-app-dialog';
import { LeftPanel } from '../conflicts/left-panel';
import { PoliciesPanel } from './policies-panel';
import { SecretsPanel } from './secrets-panel';
import { SpecEditor } from './spec-editor';

/** The wanted state as a form, what it is made of, and its end. */
export function SettingsPage() {
  const { app, project, lacks } = useApp();
  const router = useRouter();
  const [deleting, setDeleting] = useState(false);
  // The form begins anew only when the person says so: a revision of someone else must not take typed text away.
  const [base, setBase] = useState<{ spec: AppSpec; revision: number; round: number }>(() => baseOf(app, 0));
  const take = (from: App) => setBase((old) => baseOf(from, old.round + 1));
  return (
    <div className="flex flex-col gap-4">
      <SpecEditor key={base.round} base={base} onTake={take} />
      <SecretsPanel />
      <LeftPanel />
      <PoliciesPanel />
      <Panel title="Made of" count={app.objects.length}>
        <KeyValue
          entries={[
            [
              'Id',
              <span key="id" className="font-mono text-xs">
                {app.id}
              </span>,
            ],
            [
              'Where',
              <span key="where">
                <ClusterName name={app.cluster.name} /> / {app.namespace}
              </span>,
            ],
            [
              'Created',
              <span key="created">
                <Ago at={app.createdAt} /> by {app.createdBy.name}
              </span>,
            ],
            [
              'Objects',
              <ul key="objects" className="font-mono text-xs leading-5">
                {app.objects.map(({ apiVersion, kind, name }) => (
                  <li key={`${apiVersion} ${kind} ${name}`} className="break-all">
                    {kind}/{name} <span className="text-muted">{apiVersion}</span>
                  </li>
                ))}
              </ul>,
            ],
          ]}
        />
      </Panel>
      <Panel title="Delete">
        <div className="flex flex-wrap items-center gap-3">
          <p className="flex-1 text-muted text-sm">
            Its {counted(app.objects.length, 'object')} and its pods go from the cluster, and its revisions from here; for ten minutes that
            can be undone. Its volumes stay unless you say so. The audit log stays.
          </p>
          <Button variant="danger" refused={lacks('Deleting it', 'apps.delete')} onClick={() => setDeleting(true)}>
            Delete {app.name}…
          </Button>
        </div>
      </Panel>
      {deleting ? (
        <DeleteAppDialog
          app={app}
          project={project}
          onClose={() => setDeleting(false)}
          onDeleted={() => router.push(paths.apps(project))}
        />
      ) : null}
    </div>
  );
}

const baseOf = (app: App, round: number) => ({ spec: app.spec, revision: app.revision.number, round });
