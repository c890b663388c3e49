'use client';
import type { Session } from '@fairlead/shared';
import Link from 'next/link';
import { Asked } from '@/components/asked';
import { Button } from '@/components/button';
import { ChangePasswordForm } from '@/components/change-password-form';
import { Empty } from '@/components/empty';
import { KeyValue } from '@/components/key-value';
import { PageHeader } from '@/components/page-header';
import { Panel } from '@/components/panel';
import { type Column, ResourceTable } from '@/components/resource-table';
import { LinkTabs } from '@/components/tabs';
import { useToast } from '@/components/toast';
import { useAct, useAsk } from '@/lib/ask';
import { paths } from '@/lib/paths';
import { routes } from '@/lib/routes';
import { Ago, Until } from '@/lib/time';
import { useMe } from '@/lib/use-me';
import { programOf } from './program';

export function AccountTabs() {
  return (
    <div className="mb-4">
      <LinkTabs
        label="Account"
        tabs={[
          { href: paths.account, label: 'Profile', exact: true },
          { href: paths.tokens, label: 'Tokens and kubeconfig' },
        ]}
      />
    </div>
  );
}

export function AccountPage() {
  const me = useMe();
  const { show } = useToast();
  if (!me) return null;
  return (
    <>
      <AccountTabs />
      <PageHeader title={me.displayName} context="Account" />
      <div className="grid items-start gap-4 wide:grid-cols-[1fr_22rem]">
        <div className="flex min-w-0 flex-col gap-4">
          <Panel title="Who you are">
            <KeyValue
              entries={[
                [
                  'Name',
                  <span key="name" className="font-mono">
                    {me.name}
                  </span>,
                ],
                ['On the platform', me.platformRoles.join(', ') || 'no role'],
                [
                  'In projects',
                  me.grants.length === 0 ? (
                    'none'
                  ) : (
                    <ul key="grants">
                      {me.grants.map(({ project, role, expiresAt }) => (
                        <li key={project.id}>
                          {role} in{' '}
                          <Link href={paths.apps(project.name)} className="text-link underline underline-offset-2">
                            {project.name}
                          </Link>
                          {expiresAt ? (
                            <span className="text-muted">
                              , ends <Until at={expiresAt} />
                            </span>
                          ) : null}
                        </li>
                      ))}
                    </ul>
                  ),
                ],
              ]}
            />
          </Panel>
          <Sessions />
        </div>
        <Panel title="Password">
          <p className="mb-4 text-muted text-sm">Changing it ends every other session of yours.</p>
          <ChangePasswordForm
            username={me.name}
            onChanged={() => show({ title: 'Password changed', description: 'Your other sessions have ended.' })}
          />
        </Panel>
      </div>
    </>
  );
}

function Sessions() {
  const sessions = useAsk(routes.listSessions, {});
  const revoke = useAct(routes.revokeSession, [routes.listSessions]);
  const { show } = useToast();
  const end = (session: Session) =>
    revoke.mutate(
      { params: { session: session.id } },
      {
        onSuccess: () => show({ title: 'Session ended' }),
        onError: (error) => show({ title: 'Not ended', description: error.message }),
      },
    );
  return (
    <Panel title="Sessions" count={sessions.data?.items.length} flush>
      <Asked answer={sessions} waitingFor="your sessions" rows={2}>
        {({ items }) => (
          <ResourceTable
            label="Sessions"
            rows={items}
            keyOf={(session) => session.id}
            columns={columnsFor(end)}
            defaultSort="-seen"
            empty={<Empty kind="nothing" title="No session" />}
          />
        )}
      </Asked>
    </Panel>
  );
}

function columnsFor(end: (session: Session) => void): Column<Session>[] {
  return [
    {
      id: 'where',
      head: 'Where',
      small: 'main',
      cell: (session) => (
        <span title={session.userAgent}>
          {programOf(session.userAgent)}
          {session.current ? <span className="ms-2 text-ok text-xs">this one</span> : null}
        </span>
      ),
    },
    { id: 'address', head: 'Address', cell: (session) => <span className="font-mono text-xs">{session.address}</span> },
    { id: 'seen', head: 'Last seen', sortBy: (session) => session.lastSeenAt, cell: (session) => <Ago at={session.lastSeenAt} /> },
    {
      id: 'began',
      head: 'Began',
      from: 'sm',
      sortBy: (session) => session.createdAt,
      cell: (session) => <Ago at={session.createdAt} />,
    },
    {
      id: 'ends',
      head: 'Ends',
      from: 'sm',
      sortBy: (session) => session.expiresAt,
      cell: (session) => <Until at={session.expiresAt} />,
    },
    {
      id: 'act',
      head: '',
      align: 'end',
      small: 'side',
      cell: (session) =>
        session.current ? null : (
          <Button size="small" variant="quiet" onClick={() => end(session)}>
            End
          </Button>
        ),
    },
  ];
}
