'use client';
import { Dialog } from '@base-ui/react/dialog';
import { Menu as MenuIcon, Search } from 'lucide-react';
import dynamic from 'next/dynamic';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { type ReactNode, useCallback, useState } from 'react';
import { Breadcrumb } from '@/components/breadcrumb';
import { Button } from '@/components/button';
import { ConnectionPill, StaleBanner } from '@/components/freshness';
import { Mark } from '@/components/mark';
import { useMe } from '@/lib/use-me';
import { AccountMenu } from './account-menu';
import { crumbsOf } from './crumbs';
import { isActive, NavLinks, navItems } from './nav';
import { ProjectSwitch } from './project-switch';
import { Shortcuts } from './shortcuts';

const Palette = dynamic(() => import('./palette/palette').then((module) => module.Palette), { ssr: false });

/** What stands around every page: rail, top bar, and on narrow screens a drawer and a bar of four. */
export function Shell({ children }: { children: ReactNode }) {
  const me = useMe();
  const path = usePathname();
  const items = navItems(me);
  const [palette, setPalette] = useState<'never' | 'open' | 'closed'>('never');
  const [drawer, setDrawer] = useState(false);
  const openPalette = useCallback(() => setPalette('open'), []);
  return (
    <div className="grid min-h-dvh grid-cols-[minmax(0,1fr)] lg:grid-cols-[216px_minmax(0,1fr)]">
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:fixed focus:start-3 focus:top-3 focus:z-50 focus:rounded-control focus:bg-accent focus:px-3 focus:py-2 focus:text-on-accent"
      >
        Skip to the page
      </a>
      <aside className="no-print sticky top-0 hidden h-dvh flex-col border-e bg-surface lg:flex" data-region>
        <Brand />
        <div className="px-3 pb-3">
          <ProjectSwitch />
        </div>
        <nav aria-label="Main" className="flex-1 overflow-y-auto px-3">
          <NavLinks items={items} />
        </nav>
        <p className="px-5 py-3 text-muted text-xs">
          <kbd className="font-mono">?</kbd> lists the keys
        </p>
      </aside>
      <div className="flex min-w-0 flex-col">
        <header className="no-print sticky top-0 z-20 border-b bg-surface" data-region>
          <div className="flex h-12 items-center gap-2 px-3 sm:gap-3 sm:px-5">
            <span className="lg:hidden">
              <Button variant="quiet" shape="icon" label="Places" onClick={() => setDrawer(true)}>
                <MenuIcon size={20} strokeWidth={1.75} aria-hidden />
              </Button>
            </span>
            <div className="min-w-0 flex-1">
              <Breadcrumb crumbs={crumbsOf(path)} />
            </div>
            <ConnectionPill />
            <button
              type="button"
              onClick={openPalette}
              aria-keyshortcuts="Control+K"
              className="flex h-8 items-center gap-2 rounded-control border border-edge px-2 text-muted text-sm hover:bg-hover sm:w-56 pointer-coarse:h-11 pointer-coarse:min-w-11"
            >
              <Search size={16} strokeWidth={1.75} aria-hidden />
              <span className="flex-1 text-start max-sm:sr-only">Search or do…</span>
              <kbd className="font-mono text-xs max-sm:hidden">Ctrl K</kbd>
            </button>
            {me ? <AccountMenu me={me} /> : null}
          </div>
          <StaleBanner />
        </header>
        <main
          id="main"
          tabIndex={-1}
          data-region
          className="mx-auto w-full min-w-0 max-w-[1440px] flex-1 px-3 pt-4 pb-24 sm:px-5 sm:pt-5 sm:pb-10"
        >
          {children}
        </main>
      </div>
      <BottomBar path={path} onPalette={openPalette} onMore={() => setDrawer(true)} />
      <Dialog.Root open={drawer} onOpenChange={setDrawer}>
        <Dialog.Portal>
          <Dialog.Backdrop className="fixed inset-0 z-30 bg-scrim transition-opacity duration-[240ms] data-ending-style:opacity-0 data-starting-style:opacity-0" />
          <Dialog.Popup className="fixed inset-y-0 start-0 z-30 flex w-72 max-w-[85vw] flex-col border-e bg-surface transition-transform duration-[240ms] data-ending-style:-translate-x-full data-starting-style:-translate-x-full">
            <Dialog.Title className="sr-only">Places</Dialog.Title>
            <Brand />
            <div className="px-3 pb-3">
              <ProjectSwitch onGo={() => setDrawer(false)} />
            </div>
            <nav aria-label="All places" className="flex-1 overflow-y-auto px-3">
              <NavLinks items={items} onGo={() => setDrawer(false)} />
            </nav>
          </Dialog.Popup>
        </Dialog.Portal>
      </Dialog.Root>
      <Shortcuts onPalette={openPalette} />
      {palette === 'never' ? null : <Palette open={palette === 'open'} onClose={() => setPalette('closed')} />}
    </div>
  );
}

function Brand() {
  return (
    <Link href="/" className="flex h-12 shrink-0 items-center gap-2.5 px-5 font-semibold tracking-tight">
      <Mark size={22} />
      Fairlead
    </Link>
  );
}

function BottomBar({ path, onPalette, onMore }: { path: string; onPalette: () => void; onMore: () => void }) {
  const cell = 'grid h-14 place-items-center text-xs text-muted aria-[current=page]:font-medium aria-[current=page]:text-text';
  const link = (href: string, label: string) => (
    <Link href={href} aria-current={isActive(href, path) ? 'page' : undefined} className={cell}>
      {label}
    </Link>
  );
  return (
    <nav
      aria-label="Quick places"
      data-region
      className="no-print fixed inset-x-0 bottom-0 z-20 grid grid-cols-4 border-t bg-surface sm:hidden"
    >
      {link('/', 'Overview')}
      {link('/projects', 'Projects')}
      <button type="button" onClick={onPalette} className={cell}>
        Do…
      </button>
      <button type="button" onClick={onMore} className={cell}>
        More
      </button>
    </nav>
  );
}
