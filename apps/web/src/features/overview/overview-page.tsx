'use client';
import { PageHeader } from '@/components/page-header';
import { Changes } from './changes';
import { NeedsYou } from './needs-you';
import { Projects } from './projects';

/** What needs a hand first, then what there is, then what changed. */
export function OverviewPage() {
  return (
    <>
      <PageHeader title="Overview" />
      <div className="flex flex-col gap-4">
        <NeedsYou />
        <div className="grid items-start gap-4 wide:grid-cols-[3fr_2fr]">
          <Projects />
          <Changes />
        </div>
      </div>
    </>
  );
}
