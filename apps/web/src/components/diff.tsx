import type { Change } from '@fairlead/shared';
import { structuredPatch } from 'diff';
import { Minus, Pencil, Plus } from 'lucide-react';

/** Changes in words first, then as YAML lines; plain text that prints and copies. */
export function Diff({ changes }: { changes: Change[] }) {
  const shown = changes.filter((change) => change.action !== 'none');
  if (shown.length === 0) return <p className="py-2 text-muted text-sm">Nothing changes: what lives is what is wanted.</p>;
  return (
    <ul className="flex flex-col">
      {shown.map((change) => (
        <li key={change.object} className="border-b py-2 last:border-b-0">
          <div className="flex items-start gap-2 text-sm">
            <ActionMark action={change.action} />
            <div className="min-w-0 flex-1">
              <span className="font-medium font-mono">{change.object}</span>
              <span className="ms-2 text-muted">{actionWords[change.action]}</span>
              {change.words.length > 0 ? (
                <ul className="mt-0.5">
                  {change.words.map((word) => (
                    <li key={word} className="break-words">
                      {word}
                    </li>
                  ))}
                </ul>
              ) : null}
            </div>
          </div>
          {change.before !== null || change.after !== null ? (
            <details className="mt-1 ms-6">
              <summary className="w-fit text-link text-xs">YAML</summary>
              <LineDiff before={change.before ?? ''} after={change.after ?? ''} />
            </details>
          ) : null}
        </li>
      ))}
    </ul>
  );
}

const actionWords: Record<Change['action'], string> = { create: 'is made', change: 'changes', delete: 'is deleted', none: 'stays' };

function ActionMark({ action }: { action: Change['action'] }) {
  const [Icon, tone] =
    action === 'create'
      ? ([Plus, 'text-ok'] as const)
      : action === 'delete'
        ? ([Minus, 'text-bad'] as const)
        : ([Pencil, 'text-busy'] as const);
  return <Icon size={16} strokeWidth={1.75} aria-hidden className={`mt-0.5 shrink-0 ${tone}`} />;
}

/** Lines that differ with three around them; + and − stand before them, so that colour is not alone. */
export function LineDiff({ before, after }: { before: string; after: string }) {
  const { hunks } = structuredPatch('before', 'after', before, after, '', '', { context: 3 });
  if (hunks.length === 0) return <p className="py-1 text-muted text-xs">No line differs.</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
    <pre tabIndex={0} className="mt-1 max-h-[50vh] overflow-auto rounded-control border bg-sunken py-1 font-mono text-xs leading-5">
      {hunks.map((hunk, index) => (
        <span key={`${hunk.oldStart}:${hunk.newStart}`} className="block min-w-max">
          {index > 0 ? <span className="block px-3 text-muted">⋯</span> : null}
          {hunk.lines.map((line, number) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a line is named by its place
            <span key={number} className={`block px-3 ${lineTone(line)}`}>
              {line || ' '}
            </span>
          ))}
        </span>
      ))}
    </pre>
  );
}

const lineTone = (line: string) => (line.startsWith('+') ? 'bg-ok-tint' : line.startsWith('-') ? 'bg-bad-tint' : 'text-muted');
