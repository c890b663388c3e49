import Link from 'next/link';

export interface Crumb {
  label: string;
  href: string;
}

/** Where one is, each step a link but the last. */
export function Breadcrumb({ crumbs }: { crumbs: Crumb[] }) {
  return (
    <nav aria-label="Breadcrumb" className="min-w-0">
      <ol className="flex min-w-0 items-center gap-1.5 text-sm">
        {crumbs.map((crumb, index) => {
          const last = index === crumbs.length - 1;
          return (
            <li key={crumb.href} className={`flex min-w-0 items-center gap-1.5 ${last ? '' : 'max-sm:hidden'}`}>
              {index > 0 ? (
                <span aria-hidden className="text-muted max-sm:hidden">
                  /
                </span>
              ) : null}
              <Link
                href={crumb.href}
                aria-current={last ? 'page' : undefined}
                className="truncate text-muted hover:text-text aria-[current=page]:text-text"
              >
                {crumb.label}
              </Link>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
