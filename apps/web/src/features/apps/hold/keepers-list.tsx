import type { Keeper } from '@fairlead/shared';
import { CodeBlock } from '@/components/as-command';

/** Who else keeps the app as they want it: Fairlead cannot hold them, so the command that does is named. */
export function KeepersList({ keepers }: { keepers: readonly Keeper[] }) {
  if (keepers.length === 0) return null;
  return (
    <section aria-label="Would put it back" className="rounded-panel border border-warn-solid bg-warn-tint p-3 text-sm">
      <p className="font-medium">Would put it back, and cannot be held from here</p>
      <ul className="mt-2 flex flex-col gap-2">
        {keepers.map(({ name, object, pause, note }) => (
          <li key={name} className="min-w-0">
            <span className="break-words">
              {name}{' '}
              <span className="text-muted">
                keeps {object}. {note}
              </span>
            </span>
            {pause ? <CodeBlock text={pause} label="Copy the command that pauses it" /> : null}
          </li>
        ))}
      </ul>
    </section>
  );
}
