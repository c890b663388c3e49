'use client';
import { PageHeader } from '@/components/page-header';
import { Changes } from './changes';
import { Clusters } from './clusters';
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
          <div className="flex min-w-0 flex-col gap-4">
            <Projects />
            <Clusters />
          </div>
          <Changes />
        </div>
      </div>
    </>
  );
}
