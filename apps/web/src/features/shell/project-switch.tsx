'use client';
import { Boxes, ChevronsUpDown } from 'lucide-react';
import { usePathname, useRouter } from 'next/navigation';
import { Menu } from '@/components/menu';
import { paths } from '@/lib/paths';
import { useMe } from '@/lib/use-me';

/** The project of this page, and the way to the own others. */
export function ProjectSwitch({ onGo }: { onGo?: () => void }) {
  const me = useMe();
  const router = useRouter();
  const [, first, second] = usePathname().split('/');
  const current = first === 'projects' && second ? decodeURIComponent(second) : null;
  const go = (path: string) => {
    onGo?.();
    router.push(path);
  };
  return (
    <Menu
      align="start"
      trigger={
        <button
          type="button"
          className="flex h-8 w-full items-center gap-2 rounded-control border px-2.5 text-sm hover:bg-hover pointer-coarse:h-11"
        >
          <span className="min-w-0 flex-1 truncate text-start">{current ?? 'All projects'}</span>
          <ChevronsUpDown size={14} strokeWidth={1.75} aria-hidden className="text-muted" />
          <span className="sr-only">, change project</span>
        </button>
      }
      entries={[
        { label: 'All projects', icon: <Boxes size={14} strokeWidth={1.75} />, onSelect: () => go(paths.projects) },
        ...(me && me.grants.length > 0 ? [null] : []),
        ...(me?.grants ?? []).slice(0, 20).map(({ project }) => ({
          label: project.name,
          checked: project.name === current,
          onSelect: () => go(paths.apps(project.name)),
        })),
      ]}
    />
  );
}
