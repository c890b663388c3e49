import type { Adoptable } from '@fairlead/shared';
import { TriangleAlert } from 'lucide-react';
import { CodeBlock } from '@/components/as-command';
import { Button } from '@/components/button';
import { formatCount, middle } from '@/lib/format';

/** One workload, what belongs to it, and who else keeps it. */
export function Candidate({ item, onAdopt }: { item: Adoptable; onAdopt: () => void }) {
  const title = `${item.kind}/${item.name}`;
  return (
    <li className="rounded-panel border bg-surface p-3">
      <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1">
          <h2 className="break-all font-medium font-mono text-sm">{title}</h2>
          <p className="mt-0.5 flex flex-wrap gap-x-3 text-muted text-xs">
            {item.replicas === null ? null : <span className="tabular-nums">size {formatCount(item.replicas)}</span>}
            {item.images.map((image) => (
              <span key={image} className="break-all font-mono" title={image}>
                {middle(image, 60)}
              </span>
            ))}
          </p>
        </div>
        <Button label={`Adopt ${title}`} onClick={onAdopt}>
          Adopt…
        </Button>
      </div>
      {item.owner ? <OwnerWarning owner={item.owner} /> : null}
      <details className="mt-2">
        <summary className="w-fit text-link text-sm">
          {item.objects.length === 1 ? 'Only itself would be taken in' : `${item.objects.length} objects would be taken in`}
        </summary>
        <ul className="mt-1 mb-2 list-disc ps-5 font-mono text-xs">
          {item.objects.map((object) => (
            <li key={object} className="break-all">
              {object}
            </li>
          ))}
        </ul>
        <CodeBlock text={item.yaml} label={`Copy the YAML of ${title}`} />
      </details>
    </li>
  );
}

/** Two that keep one thing would put back each other's changes. */
function OwnerWarning({ owner }: { owner: string }) {
  return (
    <p className="mt-2 flex gap-2 rounded-control bg-warn-tint px-2.5 py-2 text-sm">
      <TriangleAlert size={16} strokeWidth={1.75} aria-hidden className="mt-0.5 shrink-0 text-warn" />
      <span className="min-w-0 break-words">
        <span className="font-medium text-warn">Kept by {owner}.</span> It would put back what is changed here: change it there, or take it
        out of there first.
      </span>
    </p>
  );
}
