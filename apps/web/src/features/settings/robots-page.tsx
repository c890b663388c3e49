'use client';
import type { Robot } from '@fairlead/shared';
import { Bot } from 'lucide-react';
import { useState } from 'react';
import { Asked } from '@/components/asked';
import { Button } from '@/components/button';
import { Actions, Dialog } from '@/components/dialog';
import { Empty } from '@/components/empty';
import { ErrorBox } from '@/components/error-box';
import { TextField } from '@/components/field';
import { PageHeader } from '@/components/page-header';
import { Panel } from '@/components/panel';
import { type Column, ResourceTable } from '@/components/resource-table';
import { StatusWord } from '@/components/status-word';
import { useToast } from '@/components/toast';
import { useAct, useAsk } from '@/lib/ask';
import { onSubmit, useForm } from '@/lib/form';
import { useKey } from '@/lib/keys';
import { routes } from '@/lib/routes';
import { enabledStatus } from '@/lib/status';
import { Ago } from '@/lib/time';
import { RobotTokensDialog } from './robot-tokens-dialog';

export function RobotsPage() {
  const robots = useAsk(routes.listRobots, { query: { limit: 500 } });
  const change = useAct(routes.changeRobot, [routes.listRobots]);
  const [creating, setCreating] = useState(false);
  const [tokensOf, setTokensOf] = useState<Robot | null>(null);
  const { show } = useToast();
  useKey('n', () => setCreating(true));
  const create = (
    <Button variant="primary" keys="n" onClick={() => setCreating(true)}>
      <Bot size={16} strokeWidth={1.75} aria-hidden />
      Create robot
    </Button>
  );
  const setDisabled = (robot: Robot, disabled: boolean) =>
    change.mutate(
      { params: { robot: robot.id }, body: { disabled } },
      {
        onSuccess: () =>
          show({ title: disabled ? `${robot.name} is disabled` : `${robot.name} is enabled`, undo: () => setDisabled(robot, !disabled) }),
        onError: (error) => show({ title: 'Not changed', description: error.message }),
      },
    );
  return (
    <>
      <PageHeader title="Robots" context="Settings" actions={create}>
        Principals that are no people: they act by tokens, with roles in projects like everybody.
      </PageHeader>
      <Panel flush>
        <Asked answer={robots} waitingFor="the robots">
          {({ items }) => (
            <ResourceTable
              label="Robots"
              rows={items}
              keyOf={(robot) => robot.id}
              columns={columnsFor(setTokensOf, setDisabled)}
              urlSort
              defaultSort="name"
              empty={
                <Empty kind="nothing" title="No robots yet" action={create}>
                  A pipeline that deploys should be a robot, so that the audit log says so.
                </Empty>
              }
            />
          )}
        </Asked>
      </Panel>
      <Dialog open={creating} onClose={() => setCreating(false)} title="Create robot">
        <CreateRobotForm onClose={() => setCreating(false)} />
      </Dialog>
      {tokensOf ? <RobotTokensDialog robot={tokensOf} onClose={() => setTokensOf(null)} /> : null}
    </>
  );
}

function columnsFor(tokens: (robot: Robot) => void, setDisabled: (robot: Robot, disabled: boolean) => void): Column<Robot>[] {
  return [
    {
      id: 'name',
      head: 'Name',
      small: 'main',
      sortBy: (robot) => robot.name,
      cell: (robot) => (
        <>
          <span className="font-medium">{robot.displayName}</span>
          <span className="ms-2 font-mono text-muted text-xs">{robot.name}</span>
        </>
      ),
    },
    { id: 'state', head: 'State', small: 'side', cell: (robot) => <StatusWord status={enabledStatus(robot.disabled)} /> },
    {
      id: 'seen',
      head: 'Last seen',
      sortBy: (robot) => robot.lastSeenAt,
      cell: (robot) => (robot.lastSeenAt ? <Ago at={robot.lastSeenAt} /> : <span className="text-muted">never</span>),
    },
    { id: 'made', head: 'Made', from: 'sm', sortBy: (robot) => robot.createdAt, cell: (robot) => <Ago at={robot.createdAt} /> },
    {
      id: 'act',
      head: '',
      align: 'end',
      cell: (robot) => (
        <span className="inline-flex gap-1">
          <Button size="small" onClick={() => tokens(robot)}>
            Tokens
          </Button>
          <Button size="small" variant="quiet" onClick={() => setDisabled(robot, !robot.disabled)}>
            {robot.disabled ? 'Enable' : 'Disable'}
          </Button>
        </span>
      ),
    },
  ];
}

function CreateRobotForm({ onClose }: { onClose: () => void }) {
  const form = useForm({ name: '', displayName: '' });
  const act = useAct(routes.createRobot, [routes.listRobots]);
  const submit = () =>
    act.mutate(
      { body: { name: form.values.name.trim(), displayName: form.values.displayName.trim() || undefined } },
      { onSuccess: onClose, onError: (error) => form.fail(error) },
    );
  return (
    <form onSubmit={onSubmit(submit)} className="flex flex-col gap-4">
      <TextField
        label="Name"
        value={form.values.name}
        onChange={(value) => form.set('name', value)}
        error={form.issue('name')}
        mono
        autoFocus
        required
      />
      <TextField
        label="Title (optional)"
        value={form.values.displayName}
        onChange={(value) => form.set('displayName', value)}
        error={form.issue('displayName')}
        placeholder="Deploys from CI"
      />
      {form.rest ? <ErrorBox error={form.rest} /> : null}
      <Actions>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" busy={act.isPending}>
          Create {form.values.name.trim() || 'robot'}
        </Button>
      </Actions>
    </form>
  );
}
