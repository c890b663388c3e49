'use client';
import type { User } from '@fairlead/shared';
import { Ellipsis, UserPlus } from 'lucide-react';
import { useState } from 'react';
import { Asked } from '@/components/asked';
import { Button } from '@/components/button';
import { ConfirmDialog } from '@/components/confirm-dialog';
import { Empty } from '@/components/empty';
import { Menu } from '@/components/menu';
import { PageHeader } from '@/components/page-header';
import { Panel } from '@/components/panel';
import { type Column, ResourceTable } from '@/components/resource-table';
import { StatusWord } from '@/components/status-word';
import { useToast } from '@/components/toast';
import { useAct, useAsk } from '@/lib/ask';
import { useKey } from '@/lib/keys';
import { routes } from '@/lib/routes';
import { enabledStatus } from '@/lib/status';
import { Ago } from '@/lib/time';
import { CreateUserDialog } from './create-user-dialog';
import { SecretDialog } from './secret-dialog';
import { UserRolesDialog } from './user-roles-dialog';

type Open = { what: 'create' } | { what: 'roles' | 'disable' | 'reset'; user: User } | { what: 'secret'; user: string; password: string };

export function UsersPage() {
  const users = useAsk(routes.listUsers, { query: { limit: 500 } });
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  const enable = useEnable();
  useKey('n', () => setOpen({ what: 'create' }));
  return (
    <>
      <PageHeader
        title="Users"
        context="Settings"
        actions={
          <Button variant="primary" keys="n" onClick={() => setOpen({ what: 'create' })}>
            <UserPlus size={16} strokeWidth={1.75} aria-hidden />
            Create user
          </Button>
        }
      />
      <Panel flush>
        <Asked answer={users} waitingFor="the users">
          {({ items }) => (
            <ResourceTable
              label="Users"
              rows={items}
              keyOf={(user) => user.id}
              columns={columnsFor(setOpen, enable)}
              urlSort
              defaultSort="name"
              empty={<Empty kind="nothing" title="No users" />}
            />
          )}
        </Asked>
      </Panel>
      <CreateUserDialog
        open={open?.what === 'create'}
        onClose={close}
        onCreated={(user, password) => setOpen(password ? { what: 'secret', user, password } : null)}
      />
      {open?.what === 'roles' ? <UserRolesDialog user={open.user} onClose={close} /> : null}
      {open?.what === 'disable' ? <DisableDialog user={open.user} onClose={close} /> : null}
      {open?.what === 'reset' ? (
        <ResetDialog user={open.user} onClose={close} onReset={(password) => setOpen({ what: 'secret', user: open.user.name, password })} />
      ) : null}
      {open?.what === 'secret' ? <SecretDialog user={open.user} password={open.password} onClose={close} /> : null}
    </>
  );
}

function useEnable() {
  const change = useAct(routes.changeUser, [routes.listUsers]);
  const { show } = useToast();
  return (user: User) =>
    change.mutate(
      { params: { user: user.id }, body: { disabled: false } },
      {
        onSuccess: () => show({ title: `${user.name} may sign in again` }),
        onError: (error) => show({ title: 'Not enabled', description: error.message }),
      },
    );
}

function columnsFor(open: (what: Open) => void, enable: (user: User) => void): Column<User>[] {
  return [
    {
      id: 'name',
      head: 'Name',
      small: 'main',
      sortBy: (user) => user.name,
      cell: (user) => (
        <>
          <span className="font-medium">{user.displayName}</span>
          <span className="ms-2 font-mono text-muted text-xs">{user.name}</span>
        </>
      ),
    },
    {
      id: 'state',
      head: 'State',
      sortBy: (user) => Number(user.disabled),
      cell: (user) => <StatusWord status={enabledStatus(user.disabled)} />,
    },
    {
      id: 'roles',
      head: 'On the platform',
      sortBy: (user) => user.platformRoles.join(),
      cell: (user) => user.platformRoles.join(', ') || <span className="text-muted">no role</span>,
    },
    {
      id: 'password',
      head: 'Password',
      cell: (user) => <span className="text-muted">{user.mustChangePassword ? 'generated, to be changed' : 'own'}</span>,
    },
    {
      id: 'seen',
      head: 'Last seen',
      sortBy: (user) => user.lastSeenAt,
      cell: (user) => (user.lastSeenAt ? <Ago at={user.lastSeenAt} /> : <span className="text-muted">never</span>),
    },
    {
      id: 'act',
      head: '',
      align: 'end',
      small: 'side',
      cell: (user) => (
        <Menu
          trigger={
            <button
              type="button"
              aria-label={`Acts on ${user.name}`}
              className="inline-grid size-7 place-items-center rounded-control hover:bg-hover pointer-coarse:size-11"
            >
              <Ellipsis size={16} strokeWidth={1.75} aria-hidden />
            </button>
          }
          entries={[
            { label: 'Platform roles…', onSelect: () => open({ what: 'roles', user }) },
            { label: 'New password…', onSelect: () => open({ what: 'reset', user }) },
            null,
            user.disabled
              ? { label: 'Enable', onSelect: () => enable(user) }
              : { label: 'Disable…', danger: true, onSelect: () => open({ what: 'disable', user }) },
          ]}
        />
      ),
    },
  ];
}

function DisableDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const change = useAct(routes.changeUser, [routes.listUsers]);
  return (
    <ConfirmDialog
      open
      level={1}
      onClose={onClose}
      title={`Disable ${user.name}`}
      act={`Disable ${user.name}`}
      busy={change.isPending}
      error={change.error}
      onConfirm={() => change.mutate({ params: { user: user.id }, body: { disabled: true } }, { onSuccess: onClose })}
    >
      <p>
        Every session, token, stream and shell of {user.displayName} ends at once. What they deployed goes on. You can enable them again.
      </p>
    </ConfirmDialog>
  );
}

function ResetDialog({ user, onClose, onReset }: { user: User; onClose: () => void; onReset: (password: string) => void }) {
  const reset = useAct(routes.resetPassword, [routes.listUsers]);
  return (
    <ConfirmDialog
      open
      level={1}
      onClose={onClose}
      title={`New password for ${user.name}`}
      act="Generate a password"
      busy={reset.isPending}
      error={reset.error}
      onConfirm={() => reset.mutate({ params: { user: user.id } }, { onSuccess: ({ password }) => onReset(password) })}
    >
      <p>It is shown to you once, and changed at their next sign-in. All their sessions end.</p>
    </ConfirmDialog>
  );
}
