import type { DrillReport } from '@fairlead/shared';
import { stripInWords } from './drill-words';

/** Second by second: low is as usual, half slowed, full height failed. The act is the line. */
export function DrillStrip({ report }: { report: DrillReport }) {
  const { seconds, actedAtSecond } = report;
  if (seconds.length === 0) return null;
  const notable = seconds.flatMap((each, i) => (each.failed > 0 || each.slowed > 0 ? [{ ...each, second: i + 1 }] : []));
  return (
    <figure className="flex flex-col gap-1.5">
      <div role="img" aria-label={stripInWords(report)} className="flex h-10 items-end gap-px rounded-control bg-sunken px-1">
        {seconds.map(({ sent, slowed, failed }, i) => (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: the place in the row is the second
            key={i}
            className={`min-w-0 flex-1 ${i === actedAtSecond ? 'border-text border-s-2' : ''} ${
              failed > 0 ? 'h-full bg-bad-solid' : slowed > 0 ? 'h-1/2 bg-warn-solid' : sent > 0 ? 'h-1/4 bg-ok-solid' : 'h-px bg-line'
            }`}
          />
        ))}
      </div>
      <figcaption className="flex flex-wrap gap-x-4 gap-y-1 text-muted text-xs">
        <Key className="h-1 bg-ok-solid">as usual</Key>
        <Key className="h-2 bg-warn-solid">slowed</Key>
        <Key className="h-3 bg-bad-solid">failed</Key>
        {actedAtSecond === null ? null : <span>the line: the act, in second {actedAtSecond + 1}</span>}
        <span className="ms-auto tabular-nums">{seconds.length} s</span>
      </figcaption>
      {notable.length > 0 ? (
        <details className="text-sm">
          <summary className="w-fit text-link">Show as table</summary>
          <table className="mt-1 text-start tabular-nums">
            <thead>
              <tr className="text-muted text-xs">
                {['Second', 'Sent', 'Slowed', 'Failed'].map((head) => (
                  <th key={head} scope="col" className="py-0.5 pe-6 text-start font-medium">
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {notable.map(({ second, sent, slowed, failed }) => (
                <tr key={second}>
                  <td className="pe-6">{second}</td>
                  <td className="pe-6">{sent}</td>
                  <td className="pe-6">{slowed}</td>
                  <td className="pe-6">{failed}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </details>
      ) : null}
    </figure>
  );
}

const Key = ({ className, children }: { className: string; children: string }) => (
  <span className="inline-flex items-end gap-1.5">
    <span aria-hidden className={`mb-1 w-2 ${className}`} />
    {children}
  </span>
);
