'use client';
import type { WebhookDelivery } from '@fairlead/shared';
import { Asked } from '@/components/asked';
import { Button } from '@/components/button';
import { Actions, Dialog } from '@/components/dialog';
import { Empty } from '@/components/empty';
import { ErrorBox } from '@/components/error-box';
import { type Column, ResourceTable } from '@/components/resource-table';
import { StatusWord } from '@/components/status-word';
import { useToast } from '@/components/toast';
import { useAct, useAsk } from '@/lib/ask';
import { counted } from '@/lib/format';
import { routes } from '@/lib/routes';
import { deliveryStatus } from '@/lib/status';
import { Ago, Until } from '@/lib/time';
import { resultOf } from './webhook-words';

/** What was sent to one webhook and what waits, newest first; each can be sent again. */
export function WebhookDeliveries({ project, webhook, onClose }: { project: string; webhook: string; onClose: () => void }) {
  const params = { project, webhook };
  const answer = useAsk(routes.listDeliveries, { params, query: { limit: 100 } });
  const replay = useAct(routes.replayDelivery, [routes.listDeliveries, routes.listWebhooks]);
  const { show } = useToast();
  const again = (delivery: string) =>
    replay.mutate({ params: { ...params, delivery } }, { onSuccess: (sent) => void show({ title: resultOf(sent) }) });
  const busy = replay.isPending ? replay.variables.params.delivery : null;
  return (
    <Dialog open onClose={onClose} size="large" title={`Deliveries to ${webhook}`} description="The last hundred; kept for 30 days.">
      {replay.error ? <ErrorBox error={replay.error} /> : null}
      <Asked answer={answer} waitingFor="the deliveries">
        {({ items }) => (
          <ResourceTable
            label={`Deliveries to ${webhook}`}
            rows={items}
            keyOf={({ id }) => id}
            columns={columnsFor(busy, again)}
            empty={
              <Empty kind="nothing" title="Nothing was sent yet">
                The next event that it was told to tell appears here.
              </Empty>
            }
          />
        )}
      </Asked>
      <Actions>
        <Button onClick={() => void answer.refetch()} busy={answer.isFetching}>
          Look again
        </Button>
        <Button variant="primary" onClick={onClose}>
          Close
        </Button>
      </Actions>
    </Dialog>
  );
}

function columnsFor(busy: string | null, again: (id: string) => void): Column<WebhookDelivery>[] {
  return [
    {
      id: 'what',
      head: 'What',
      small: 'main',
      cell: ({ event, app, summary }) => (
        <div className="whitespace-normal">
          <span className="font-mono text-xs">{event}</span>
          {app ? <span className="ms-2 font-medium">{app}</span> : null}
          <p className="break-words text-muted text-xs">{summary}</p>
        </div>
      ),
    },
    {
      id: 'state',
      head: 'State',
      small: 'side',
      cell: (delivery) => (
        <div className="whitespace-normal">
          <StatusWord
            status={deliveryStatus(delivery)}
            detail={delivery.lastError || delivery.lastStatus === null ? null : String(delivery.lastStatus)}
          />
          {delivery.lastError ? <p className="break-words text-muted text-xs">{delivery.lastError}</p> : null}
          {delivery.nextAt && delivery.attempts > 0 ? (
            <p className="text-muted text-xs">
              next try <Until at={delivery.nextAt} />
            </p>
          ) : null}
        </div>
      ),
    },
    {
      id: 'tries',
      head: 'Tries',
      align: 'end',
      from: 'sm',
      cell: ({ attempts }) => <span title={counted(attempts, 'try', 'tries')}>{attempts}</span>,
    },
    { id: 'at', head: 'When', small: 'under', cell: ({ createdAt }) => <Ago at={createdAt} /> },
    {
      id: 'again',
      head: 'Replay',
      align: 'end',
      small: 'under',
      cell: ({ id, state, event }) => (
        <Button
          size="small"
          busy={busy === id}
          refused={state === 'sending' ? 'It is being sent at this moment' : null}
          label={`Replay ${event}`}
          onClick={() => again(id)}
        >
          Replay
        </Button>
      ),
    },
  ];
}
