import { memo } from 'react';
import { type AnsiColor, readAnsi, type Span } from './ansi';
import { type Level, type LogLine, levelOf } from './log-line';
import { showHidden } from './visible';

export const foldAt = 10_000;

export interface RowLook {
  /** Time and pod that stand before the text; null where they do not. */
  time: string | null;
  tag: string | null;
  series: number;
  wrap: boolean;
}

const colors: Record<AnsiColor, string | undefined> = {
  black: undefined,
  red: 'var(--ansi-red)',
  green: 'var(--ansi-green)',
  yellow: 'var(--ansi-yellow)',
  blue: 'var(--ansi-blue)',
  magenta: 'var(--ansi-magenta)',
  cyan: 'var(--ansi-cyan)',
  white: 'var(--ansi-white)',
};
const bars: Record<NonNullable<Level>, string> = { error: 'bg-bad-solid', warn: 'bg-warn-solid' };

/** One line as text nodes; of its escapes only colours and weight are drawn, and every hidden character is written out. */
export const LogRow = memo(function LogRow({
  line,
  time,
  tag,
  series,
  wrap,
  find,
  current,
  top,
}: RowLook & { line: LogLine; find: string; current: boolean; top: number }) {
  if (line.kind === 'marker') {
    return (
      <div style={{ transform: `translateY(${top}px)` }} className="absolute inset-x-0 flex h-5 items-center gap-2 px-3 text-muted">
        <span aria-hidden className="h-px w-6 bg-edge" />
        <span className="truncate">{line.text}</span>
        <span aria-hidden className="h-px flex-1 bg-edge" />
      </div>
    );
  }
  const level = levelOf(line.plain);
  const text = line.text.length > foldAt ? line.text.slice(0, foldAt) : line.text;
  return (
    <div
      style={{ transform: `translateY(${top}px)` }}
      className={`absolute start-0 flex min-w-full px-3 hover:bg-hover ${wrap ? 'end-0' : ''} ${current ? 'bg-selection' : ''}`}
    >
      {time === null ? null : <span className="w-[13ch] shrink-0 select-none text-muted">{time}</span>}
      {tag === null ? null : (
        <span
          className="w-[8ch] shrink-0 select-none truncate pe-[1ch]"
          style={{ color: `color-mix(in oklab, var(--series-${series}) 75%, var(--text))` }}
          title={line.pod}
        >
          {tag}
        </span>
      )}
      <span aria-hidden className={`me-[1ch] w-[3px] shrink-0 ${level ? bars[level] : ''}`} />
      <span className={wrap ? 'min-w-0 flex-1 whitespace-pre-wrap break-all' : 'whitespace-pre pe-3'}>
        {line.text === '' ? ' ' : readAnsi(text).map((span) => <SpanText key={span.at} span={span} find={find} />)}
        {line.text.length > foldAt ? (
          <span className="text-muted"> … {line.text.length - foldAt} more characters, in Copy and Download</span>
        ) : null}
      </span>
    </div>
  );
});

function SpanText({ span, find }: { span: Span; find: string }) {
  const style = {
    color: span.inverse ? 'var(--sunken)' : span.color ? colors[span.color] : undefined,
    background: span.inverse ? (span.color && colors[span.color]) || 'var(--text)' : undefined,
    fontWeight: span.bold ? 600 : undefined,
    fontStyle: span.italic ? 'italic' : undefined,
    textDecoration: span.underline ? 'underline' : undefined,
    opacity: span.faint ? 0.8 : undefined,
  };
  return (
    <span style={style}>
      {showHidden(span.text).map(({ at, text, stand }) =>
        stand ? (
          <span key={at} className="rounded-chip bg-warn-tint px-0.5 text-warn">
            {text}
          </span>
        ) : (
          <Found key={at} text={text} find={find} />
        ),
      )}
    </span>
  );
}

function Found({ text, find }: { text: string; find: string }) {
  if (find === '') return text;
  const lower = text.toLowerCase();
  const parts: React.ReactNode[] = [];
  let from = 0;
  for (let at = lower.indexOf(find); at >= 0; at = lower.indexOf(find, at + find.length)) {
    if (at > from) parts.push(text.slice(from, at));
    parts.push(
      <mark key={at} className="bg-hit text-text">
        {text.slice(at, at + find.length)}
      </mark>,
    );
    from = at + find.length;
  }
  if (from === 0) return text;
  parts.push(text.slice(from));
  return parts;
}
