'use client';
import { Tabs as Base } from '@base-ui/react/tabs';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { type ReactNode, useEffect, useRef } from 'react';

const tab =
  'relative flex h-9 shrink-0 items-center gap-1.5 border-transparent border-b-2 px-1 text-muted text-sm hover:text-text pointer-coarse:h-11';

/** Tabs that are pages: each has its address. */
export function LinkTabs({ tabs, label }: { tabs: { href: string; label: string; exact?: boolean }[]; label: string }) {
  const path = usePathname();
  const bar = useRef<HTMLElement>(null);
  // On a narrow screen the page's own tab may be out of sight.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page has another tab
  useEffect(() => {
    const reveal = () => {
      const nav = bar.current;
      const active = nav?.querySelector<HTMLElement>('[aria-current=page]');
      if (nav && active) nav.scrollLeft = active.offsetLeft - nav.offsetLeft - (nav.clientWidth - active.clientWidth) / 2;
    };
    reveal();
    window.addEventListener('resize', reveal);
    return () => window.removeEventListener('resize', reveal);
  }, [path]);
  return (
    <nav ref={bar} aria-label={label} className="no-print -mb-px flex gap-4 overflow-x-auto border-b">
      {tabs.map(({ href, label: text, exact }) => {
        const active = exact ? path === href : path === href || path.startsWith(`${href}/`);
        return (
          <Link
            key={href}
            href={href}
            aria-current={active ? 'page' : undefined}
            className={`${tab} aria-[current=page]:border-accent aria-[current=page]:font-medium aria-[current=page]:text-text`}
          >
            {text}
          </Link>
        );
      })}
    </nav>
  );
}

/** Tabs within a page. */
export function Tabs<T extends string>({
  value,
  onChange,
  tabs,
  children,
}: {
  value: T;
  onChange: (value: T) => void;
  tabs: readonly { value: T; label: string }[];
  children: ReactNode;
}) {
  return (
    <Base.Root
      value={value}
      onValueChange={(next: unknown) => {
        const chosen = tabs.find((one) => one.value === next);
        if (chosen) onChange(chosen.value);
      }}
    >
      <Base.List className="flex gap-4 overflow-x-auto border-b">
        {tabs.map((one) => (
          <Base.Tab
            key={one.value}
            value={one.value}
            className={`${tab} -mb-px data-active:border-accent data-active:font-medium data-active:text-text`}
          >
            {one.label}
          </Base.Tab>
        ))}
      </Base.List>
      <Base.Panel value={value} className="pt-4 outline-none">
        {children}
      </Base.Panel>
    </Base.Root>
  );
}
