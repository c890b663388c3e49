import type { Crumb } from '@/components/breadcrumb';

const words: Record<string, string> = {
  projects: 'Projects',
  clusters: 'Clusters',
  audit: 'Audit',
  account: 'Account',
  settings: 'Settings',
  apps: 'Apps',
  members: 'Members',
  tokens: 'Tokens',
  users: 'Users',
  robots: 'Robots',
  new: 'New',
  adopt: 'Adopt',
  logs: 'Logs',
  terminal: 'Terminal',
  revisions: 'Revisions',
  runs: 'Runs',
  network: 'Network',
  resilience: 'Resilience',
  events: 'Events',
};
/** Levels that are no page of their own. */
const noPage = new Set(['/settings']);

/** The steps of a path. A name stays as it is; ids never stand in paths that people are given. */
export function crumbsOf(path: string): Crumb[] {
  const parts = path.split('/').filter(Boolean);
  if (parts.length === 0) return [{ label: 'Overview', href: '/' }];
  return parts
    .map((part, index) => {
      const isName =
        (parts[0] === 'projects' && (index === 1 || (index === 3 && part !== 'new'))) || (parts[0] === 'clusters' && index === 1);
      return { label: isName ? decodeURIComponent(part) : (words[part] ?? part), href: `/${parts.slice(0, index + 1).join('/')}` };
    })
    .filter((crumb) => !noPage.has(crumb.href));
}
