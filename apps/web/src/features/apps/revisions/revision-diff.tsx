'use client';
import type { ReactNode } from 'react';
import { Asked } from '@/components/asked';
import { LineDiff } from '@/components/diff';
import { Panel } from '@/components/panel';
import { useAsk } from '@/lib/ask';
import { routes } from '@/lib/routes';
import { useApp } from '../app/app-context';
import { specWords } from '../spec-words';

/** What differs between two revisions: in words, then line by line. */
export function RevisionDiff({ from, to, current, action }: { from: number; to: number; current: number; action: ReactNode }) {
  const { app, project } = useApp();
  const params = { project, app: app.id };
  const before = useAsk(routes.getRevision, { params: { ...params, revision: from } });
  const after = useAsk(routes.getRevision, { params: { ...params, revision: to } });
  const name = (number: number) => (number === current ? `${number} (wanted now)` : String(number));
  return (
    <Panel title={`Difference: ${name(from)} → ${name(to)}`} actions={action}>
      <Asked answer={before} waitingFor={`revision ${from}`} rows={3}>
        {(old) => (
          <Asked answer={after} waitingFor={`revision ${to}`} rows={3}>
            {(next) => {
              const words = specWords(old.spec, next.spec);
              return (
                <>
                  {words.length > 0 ? (
                    <ul className="mb-2 list-disc ps-5 text-sm">
                      {words.map((word) => (
                        <li key={word} className="break-words">
                          {word}
                        </li>
                      ))}
                    </ul>
                  ) : (
                    <p className="mb-2 text-muted text-sm">Both want the same.</p>
                  )}
                  {old.manifests !== next.manifests ? <LineDiff before={old.manifests} after={next.manifests} /> : null}
                </>
              );
            }}
          </Asked>
        )}
      </Asked>
    </Panel>
  );
}
