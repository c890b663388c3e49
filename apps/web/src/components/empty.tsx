import { Inbox, type LucideIcon, SearchX, ServerOff, ShieldQuestion } from 'lucide-react';
import type { ReactNode } from 'react';

export type EmptyKind = 'nothing' | 'no-match' | 'not-allowed' | 'unreachable';

const icons: Record<EmptyKind, LucideIcon> = { nothing: Inbox, 'no-match': SearchX, 'not-allowed': ShieldQuestion, unreachable: ServerOff };

/** Why there is nothing, and what to do now. Never the same text for three different reasons. */
export function Empty({ kind, title, children, action }: { kind: EmptyKind; title: string; children?: ReactNode; action?: ReactNode }) {
  const Icon = icons[kind];
  return (
    <div className="flex flex-col items-center gap-2 px-4 py-10 text-center">
      <Icon size={20} strokeWidth={1.75} aria-hidden className={kind === 'unreachable' ? 'text-stale' : 'text-muted'} />
      <p className="font-medium">{title}</p>
      {children ? <div className="max-w-prose text-muted text-sm">{children}</div> : null}
      {action ? <div className="mt-2 flex flex-wrap justify-center gap-2">{action}</div> : null}
    </div>
  );
}
