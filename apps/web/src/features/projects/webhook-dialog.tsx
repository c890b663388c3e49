'use client';
import type { Webhook, WebhookEvent } from '@fairlead/shared';
import { useState } from 'react';
import { AsCommand, curl } from '@/components/as-command';
import { Button } from '@/components/button';
import { CopyButton } from '@/components/copy-button';
import { Actions, Dialog } from '@/components/dialog';
import { ErrorBox } from '@/components/error-box';
import { Checkbox, TextField } from '@/components/field';
import { useToast } from '@/components/toast';
import { useAct } from '@/lib/ask';
import { onSubmit, useForm } from '@/lib/form';
import { routes } from '@/lib/routes';
import { allEvents, eventWords } from './webhook-words';

/** A new webhook, then its secret; or, with `webhook`, what can be changed of one. */
export function WebhookDialog({ project, webhook, onClose }: { project: string; webhook: Webhook | null; onClose: () => void }) {
  const [made, setMade] = useState<{ name: string; secret: string } | null>(null);
  if (made) return <SecretDialog {...made} onClose={onClose} />;
  return (
    <Dialog
      open
      onClose={onClose}
      title={webhook ? `Change ${webhook.name}` : `New webhook of ${project}`}
      description="What you choose is sent to the URL as signed JSON, in order, and tried again when it does not arrive."
    >
      <WebhookForm project={project} webhook={webhook} onClose={onClose} onMade={setMade} />
    </Dialog>
  );
}

function WebhookForm({
  project,
  webhook,
  onClose,
  onMade,
}: {
  project: string;
  webhook: Webhook | null;
  onClose: () => void;
  onMade: (made: { name: string; secret: string }) => void;
}) {
  const form = useForm({ name: webhook?.name ?? '', url: webhook?.url ?? '', events: webhook?.events ?? ([] as WebhookEvent[]) });
  const create = useAct(routes.createWebhook, [routes.listWebhooks]);
  const change = useAct(routes.changeWebhook, [routes.listWebhooks]);
  const { show } = useToast();
  const { events } = form.values;
  const body = { name: form.values.name.trim(), url: form.values.url.trim(), events };
  const onError = form.fail;
  const submit = () => {
    if (!webhook) return create.mutate({ params: { project }, body }, { onSuccess: onMade, onError });
    change.mutate(
      { params: { project, webhook: webhook.id }, body },
      {
        onSuccess: ({ name }) => {
          onClose();
          show({ title: `${name} changed` });
        },
        onError,
      },
    );
  };
  const lacks = !body.name ? 'Name it first' : !body.url ? 'Say where to first' : events.length === 0 ? 'Choose an event first' : null;
  const path = `/projects/${project}/webhooks${webhook ? `/${webhook.name}` : ''}`;
  return (
    <form onSubmit={onSubmit(submit)} className="flex flex-col gap-4">
      <TextField
        label="Name"
        value={form.values.name}
        onChange={(value) => form.set('name', value)}
        error={form.issue('name')}
        autoComplete="off"
        placeholder="chat"
        autoFocus
        required
      />
      <TextField
        label="URL"
        value={form.values.url}
        onChange={(value) => form.set('url', value)}
        error={form.issue('url')}
        hint="A public address: private ones are refused unless the operator opened them."
        autoComplete="off"
        placeholder="https://hooks.example.com/…"
        mono
        required
      />
      <fieldset>
        <legend className="font-medium text-sm">Tell it when</legend>
        {allEvents.map((event) => (
          <Checkbox
            key={event}
            label={eventWords[event]}
            hint={event}
            checked={events.includes(event)}
            onChange={(on) =>
              form.set(
                'events',
                allEvents.filter((each) => (each === event ? on : events.includes(each))),
              )
            }
          />
        ))}
        {form.issue('events') ? <p className="text-bad text-xs">{form.issue('events')}</p> : null}
      </fieldset>
      {form.rest ? <ErrorBox error={form.rest} /> : null}
      <Actions>
        <AsCommand what="What this form sends." commands={{ rest: curl(webhook ? 'PATCH' : 'POST', path, body) }} />
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" busy={create.isPending || change.isPending} refused={lacks}>
          {webhook ? 'Save' : 'Create webhook'}
        </Button>
      </Actions>
    </form>
  );
}

/** Shown once: afterwards nobody can read it again. */
function SecretDialog({ name, secret, onClose }: { name: string; secret: string; onClose: () => void }) {
  return (
    <Dialog
      open
      locked
      onClose={onClose}
      title={`Secret of ${name}`}
      description="Shown once. The receiver needs it to check that a delivery is from here; /api/docs says how."
    >
      <div className="flex items-center gap-2 rounded-panel border bg-sunken p-3">
        <code className="min-w-0 flex-1 break-all font-mono" data-testid="webhook-secret">
          {secret}
        </code>
        <CopyButton text={secret} label="Copy secret" showLabel />
      </div>
      <Actions>
        <Button variant="primary" onClick={onClose}>
          I have kept it
        </Button>
      </Actions>
    </Dialog>
  );
}
