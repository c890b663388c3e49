'use client';
import { usePathname } from 'next/navigation';
import type { ReactNode } from 'react';
import { LinkButton } from '@/components/button';
import { Empty } from '@/components/empty';
import { LinkTabs } from '@/components/tabs';
import { useAsk } from '@/lib/ask';
import { paths } from '@/lib/paths';
import { routes } from '@/lib/routes';

/** The tabs over a project's own pages; pages of one app stand without them. A project that is not there, or not for one's eyes, says so. */
export function ProjectFrame({ project, children }: { project: string; children: ReactNode }) {
  const answer = useAsk(routes.getProject, { params: { project } });
  const depth = usePathname().split('/').length;
  if (!answer.data && answer.error?.status === 404) {
    return (
      <>
        <h1 className="sr-only">{project}</h1>
        <Empty
          kind="not-allowed"
          title={`There is no project ${project}, or you may not see it`}
          action={<LinkButton href={paths.projects}>Your projects</LinkButton>}
        >
          Seeing a project takes viewer in it. Its admin or a platform admin can grant it.
        </Empty>
      </>
    );
  }
  return (
    <>
      {depth <= 4 ? (
        <div className="mb-4">
          <LinkTabs
            label={`Project ${project}`}
            tabs={[
              { href: paths.apps(project), label: 'Apps' },
              { href: paths.members(project), label: 'Members' },
              { href: paths.projectSettings(project), label: 'Settings' },
            ]}
          />
        </div>
      ) : null}
      {children}
    </>
  );
}
