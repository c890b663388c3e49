import { stripAnsi } from './ansi';
import { stampMs } from './line-reader';

/** A line, or a mark between lines that says what happened to the stream. */
export interface LogLine {
  kind: 'line' | 'marker';
  pod: string;
  stamp: string | null;
  /** Milliseconds; NaN when the line had no time. */
  ms: number;
  /** As it came, with its escapes. */
  text: string;
  /** As it is searched and measured. */
  plain: string;
}

export const logLine = (pod: string, stamp: string | null, text: string): LogLine => ({
  kind: 'line',
  pod,
  stamp,
  ms: stampMs(stamp),
  text,
  plain: stripAnsi(text),
});

export const markerLine = (pod: string, ms: number, text: string): LogLine => ({ kind: 'marker', pod, stamp: null, ms, text, plain: text });

/** Two bytes a character, twice when escapes were taken out, and what an object weighs. */
export const weightOf = (line: LogLine): number => 120 + line.text.length * 2 + (line.plain === line.text ? 0 : line.plain.length * 2);

export type Level = 'error' | 'warn' | null;
const levels = /(?:^|[\s"'[(=:|<])(?:(ERROR|ERR|FATAL|PANIC|CRIT(?:ICAL)?|EMERG|SEVERE)|(WARN(?:ING)?))(?=$|[\s"'\])=:|>,])/i;

/** The level that a line names near its beginning. */
export function levelOf(plain: string): Level {
  const match = levels.exec(plain.slice(0, 120));
  return match ? (match[1] ? 'error' : 'warn') : null;
}

/** Lines as text to keep: time, pod, text. */
export function logText(lines: Iterable<LogLine>, withPod: boolean): string {
  let text = '';
  for (const line of lines) {
    text +=
      line.kind === 'marker'
        ? `--- ${line.text} ---\n`
        : `${[line.stamp, withPod ? line.pod : null, line.plain].filter((part) => part !== null).join(' ')}\n`;
  }
  return text;
}
