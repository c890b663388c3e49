'use client';
import { Menu as Base } from '@base-ui/react/menu';
import Link from 'next/link';
import type { ReactElement, ReactNode } from 'react';

export interface MenuEntry {
  label: string;
  icon?: ReactNode;
  onSelect?: () => void;
  href?: string;
  danger?: boolean;
  checked?: boolean;
  /** Why not: stays in its place and says so. */
  refused?: string | null;
  keys?: string;
}

const item =
  'flex min-h-8 cursor-default select-none items-center gap-2 rounded-chip px-2 text-sm outline-none data-highlighted:bg-hover data-disabled:opacity-60 pointer-coarse:min-h-11';

/** Looked up when a menu opens: the shell's menus are drawn before the page's main is there. */
const mainLandmark = {
  get current() {
    return document.getElementById('main');
  },
};

/** A menu on a button. `null` between entries draws a line. */
export function Menu({
  trigger,
  entries,
  align = 'end',
}: {
  trigger: ReactElement;
  entries: (MenuEntry | null)[];
  align?: 'start' | 'end';
}) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger} />
      {/* Inside of the page's main landmark, like everything that is read. */}
      <Base.Portal container={mainLandmark}>
        <Base.Positioner sideOffset={4} align={align} className="z-30 outline-none">
          <Base.Popup className="min-w-48 max-w-80 rounded-panel border bg-surface p-1 shadow-float outline-none transition-opacity duration-[180ms] data-ending-style:opacity-0 data-starting-style:opacity-0">
            {entries.map((entry, index) =>
              // biome-ignore lint/suspicious/noArrayIndexKey: lines between entries have no name
              entry ? <Entry key={entry.label} entry={entry} /> : <Base.Separator key={index} className="mx-1 my-1 h-px bg-line" />,
            )}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

function Entry({ entry }: { entry: MenuEntry }) {
  const body = (
    <>
      <span className="grid w-4 place-items-center text-muted" aria-hidden>
        {entry.checked ? '✓' : entry.icon}
      </span>
      <span className={`flex-1 ${entry.danger ? 'text-bad' : ''}`}>
        {entry.label}
        {entry.refused ? <span className="block text-muted text-xs">{entry.refused}</span> : null}
      </span>
      {entry.keys ? <kbd className="font-mono text-muted text-xs">{entry.keys}</kbd> : null}
    </>
  );
  if (entry.href && !entry.refused) {
    return (
      <Base.LinkItem className={item} render={<Link href={entry.href} />} closeOnClick>
        {body}
      </Base.LinkItem>
    );
  }
  return (
    <Base.Item className={item} disabled={Boolean(entry.refused)} onClick={entry.onSelect}>
      {body}
    </Base.Item>
  );
}
