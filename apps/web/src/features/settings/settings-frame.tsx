'use client';
import type { ReactNode } from 'react';
import { Empty } from '@/components/empty';
import { LinkTabs } from '@/components/tabs';
import { paths } from '@/lib/paths';
import { isPlatform } from '@/lib/roles';
import { useMe } from '@/lib/use-me';

export function SettingsFrame({ children }: { children: ReactNode }) {
  const me = useMe();
  if (me && !isPlatform(me, 'admin')) {
    return (
      <>
        <h1 className="sr-only">Settings</h1>
        <Empty kind="not-allowed" title="Settings take platform admin" />
      </>
    );
  }
  return (
    <>
      <div className="mb-4">
        <LinkTabs
          label="Settings"
          tabs={[
            { href: paths.users, label: 'Users' },
            { href: paths.robots, label: 'Robots' },
          ]}
        />
      </div>
      {children}
    </>
  );
}
