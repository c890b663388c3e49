'use client';
import type { Me } from '@fairlead/shared';
import { Activity, Boxes, KeyRound, type LucideIcon, ScrollText, Server, Settings } from 'lucide-react';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { paths } from '@/lib/paths';
import { isPlatform } from '@/lib/roles';

export interface NavItem {
  href: string;
  label: string;
  icon: LucideIcon;
}

/** The places of the rail; what needs a right that the caller lacks everywhere is absent. */
export function navItems(me: Me | undefined): NavItem[] {
  const items: NavItem[] = [
    { href: paths.overview, label: 'Overview', icon: Activity },
    { href: paths.projects, label: 'Projects', icon: Boxes },
    { href: paths.clusters, label: 'Clusters', icon: Server },
    { href: paths.audit, label: 'Audit', icon: ScrollText },
    { href: paths.tokens, label: 'Tokens', icon: KeyRound },
  ];
  if (isPlatform(me, 'admin')) items.push({ href: paths.users, label: 'Settings', icon: Settings });
  return items;
}

export const isActive = (href: string, path: string): boolean =>
  href === '/' ? path === '/' : path.startsWith(href === paths.users ? '/settings' : href);

export function NavLinks({ items, onGo }: { items: NavItem[]; onGo?: () => void }) {
  const path = usePathname();
  return (
    <ul className="flex flex-col gap-0.5">
      {items.map(({ href, label, icon: Icon }) => (
        <li key={href}>
          <Link
            href={href}
            onClick={onGo}
            aria-current={isActive(href, path) ? 'page' : undefined}
            className="flex h-8 items-center gap-2.5 rounded-control px-2.5 text-muted text-sm hover:bg-hover hover:text-text aria-[current=page]:bg-hover aria-[current=page]:font-medium aria-[current=page]:text-text pointer-coarse:h-11"
          >
            <Icon size={20} strokeWidth={1.75} aria-hidden />
            {label}
          </Link>
        </li>
      ))}
    </ul>
  );
}
