'use client';
import type { Project, Webhook } from '@fairlead/shared';
import { Ellipsis } from 'lucide-react';
import { parseAsString, useQueryState } from 'nuqs';
import { useState } from 'react';
import { Asked } from '@/components/asked';
import { Button } from '@/components/button';
import { ConfirmDialog } from '@/components/confirm-dialog';
import { Empty } from '@/components/empty';
import { ErrorBox } from '@/components/error-box';
import { Menu } from '@/components/menu';
import { Panel } from '@/components/panel';
import { type Column, ResourceTable } from '@/components/resource-table';
import { StatusWord } from '@/components/status-word';
import { useToast } from '@/components/toast';
import { useAct, useAsk } from '@/lib/ask';
import { allows, lacking } from '@/lib/roles';
import { routes } from '@/lib/routes';
import { deliveryStatus, webhookStatus } from '@/lib/status';
import { Ago } from '@/lib/time';
import { WebhookDeliveries } from './webhook-deliveries';
import { WebhookDialog } from './webhook-dialog';
import { eventsOf, hostOf, resultOf } from './webhook-words';

/** Whom the project tells of what happens to its apps. Only its admins see it: a URL may hold a key. */
export function WebhooksPanel({ project }: { project: Project }) {
  const may = allows(project.myRole, 'webhooks.manage');
  const answer = useAsk(routes.listWebhooks, may ? { params: { project: project.name }, query: { limit: 500 } } : null);
  const [editing, setEditing] = useState<Webhook | 'new' | null>(null);
  const [deleting, setDeleting] = useState<Webhook | null>(null);
  const [shown, setShown] = useQueryState('webhook', parseAsString);
  const refused = may ? null : lacking('Managing webhooks', 'webhooks.manage', project.name);
  const acts = useWebhookActs(project.name);
  const add = (
    <Button size="small" onClick={() => setEditing('new')} refused={refused}>
      Create webhook
    </Button>
  );
  return (
    <>
      <Panel title="Webhooks" count={answer.data?.items.length} flush actions={add}>
        {acts.error ? (
          <div className="p-3">
            <ErrorBox error={acts.error} />
          </div>
        ) : null}
        {may ? (
          <Asked answer={answer} waitingFor="the webhooks">
            {({ items }) => (
              <ResourceTable
                label="Webhooks"
                rows={items}
                keyOf={({ id }) => id}
                columns={columnsFor({ ...acts, show: (name) => void setShown(name), edit: setEditing, remove: setDeleting })}
                empty={<None add={() => setEditing('new')} />}
              />
            )}
          </Asked>
        ) : (
          <Empty kind="not-allowed" title="Only its admins see the webhooks">
            {refused} A URL may hold a key of its receiver.
          </Empty>
        )}
      </Panel>
      {editing ? (
        <WebhookDialog project={project.name} webhook={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />
      ) : null}
      {deleting ? <DeleteDialog project={project.name} webhook={deleting} onClose={() => setDeleting(null)} /> : null}
      {may && shown ? <WebhookDeliveries project={project.name} webhook={shown} onClose={() => void setShown(null)} /> : null}
    </>
  );
}

function None({ add }: { add: () => void }) {
  return (
    <Empty
      kind="nothing"
      title="Nobody is told yet"
      action={
        <Button variant="primary" onClick={add}>
          Create webhook
        </Button>
      }
    >
      A webhook tells another program, such as a chat, a pipeline or a pager, what happens to this project’s apps as it happens: revisions,
      verdicts, drift, heals. Deliveries are signed, tried again until they arrive, and can be replayed.
    </Empty>
  );
}

function useWebhookActs(project: string) {
  const again = [routes.listWebhooks, routes.listDeliveries];
  const trying = useAct(routes.testWebhook, again);
  const change = useAct(routes.changeWebhook, again);
  const { show } = useToast();
  const turn = ({ id, name }: Webhook, enabled: boolean, undo = true) =>
    change.mutate(
      { params: { project, webhook: id }, body: { enabled } },
      {
        onSuccess: (now) =>
          void show({ title: `${name} is ${enabled ? 'on' : 'off'}`, ...(undo && { undo: () => turn(now, !enabled, false) }) }),
      },
    );
  return {
    error: trying.error ?? change.error,
    testing: trying.isPending ? trying.variables.params.webhook : null,
    test: ({ id, name }: Webhook) =>
      trying.mutate(
        { params: { project, webhook: id } },
        { onSuccess: (sent) => void show({ title: `Test of ${name}`, description: resultOf(sent) }) },
      ),
    turn,
  };
}

interface Acts {
  testing: string | null;
  test: (webhook: Webhook) => void;
  turn: (webhook: Webhook, enabled: boolean) => void;
  show: (name: string) => void;
  edit: (webhook: Webhook) => void;
  remove: (webhook: Webhook) => void;
}

function columnsFor({ testing, test, turn, show, edit, remove }: Acts): Column<Webhook>[] {
  return [
    {
      id: 'name',
      head: 'Webhook',
      small: 'main',
      sortBy: ({ name }) => name,
      cell: ({ name, url }) => (
        <>
          <span className="font-medium">{name}</span>
          <span className="ms-2 font-mono text-muted text-xs">{hostOf(url)}</span>
        </>
      ),
    },
    { id: 'state', head: 'State', small: 'side', cell: ({ enabled }) => <StatusWord status={webhookStatus(enabled)} /> },
    {
      id: 'events',
      head: 'Told of',
      small: 'under',
      cell: (webhook) => <span className="whitespace-normal break-words text-muted text-xs">{eventsOf(webhook)}</span>,
    },
    {
      id: 'last',
      head: 'Last delivery',
      small: 'under',
      cell: ({ last, waiting }) =>
        last ? (
          <>
            <StatusWord status={deliveryStatus(last)} detail={waiting > 1 ? `${waiting} wait` : null} />{' '}
            <span className="align-top text-muted text-xs leading-5">
              <Ago at={last.createdAt} />
            </span>
          </>
        ) : (
          <span className="text-muted">nothing sent yet</span>
        ),
    },
    {
      id: 'acts',
      head: 'Acts',
      align: 'end',
      cell: (webhook) => (
        <span className="inline-flex gap-1">
          <Button size="small" onClick={() => show(webhook.name)}>
            Deliveries
          </Button>
          <Button size="small" busy={testing === webhook.id} onClick={() => test(webhook)}>
            Test
          </Button>
          <Menu
            trigger={
              <Button size="small" shape="icon" variant="quiet" label={`More for ${webhook.name}`}>
                <Ellipsis size={16} strokeWidth={1.75} aria-hidden />
              </Button>
            }
            entries={[
              { label: 'Change…', onSelect: () => edit(webhook) },
              { label: webhook.enabled ? 'Turn off' : 'Turn on', onSelect: () => turn(webhook, !webhook.enabled) },
              null,
              { label: 'Delete…', danger: true, onSelect: () => remove(webhook) },
            ]}
          />
        </span>
      ),
    },
  ];
}

function DeleteDialog({ project, webhook, onClose }: { project: string; webhook: Webhook; onClose: () => void }) {
  const act = useAct(routes.deleteWebhook, [routes.listWebhooks]);
  return (
    <ConfirmDialog
      open
      level={2}
      name={webhook.name}
      onClose={onClose}
      title={`Delete ${webhook.name}`}
      act={`Delete ${webhook.name}`}
      busy={act.isPending}
      error={act.error}
      onConfirm={() => act.mutate({ params: { project, webhook: webhook.id } }, { onSuccess: onClose })}
    >
      <p>
        {hostOf(webhook.url)} is told nothing any more. Its secret and its deliveries are gone for good
        {webhook.waiting > 0 ? `, ${webhook.waiting} of them not sent yet` : ''}. To pause it, turn it off instead.
      </p>
    </ConfirmDialog>
  );
}
