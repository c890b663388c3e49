import { type Overload, overload } from '../functions.js';
import { EvaluationError } from '../problem.js';
import { compileRegex, regexProblem } from '../regex.js';
import { type CelList, type Value, ValueList } from '../value.js';
import { formatted } from './format-string.js';

const texts = (values: readonly string[]): Value => new ValueList(values);
const fail = (message: string): never => {
  throw new EvaluationError(message);
};
const outOfRange = (index: bigint): never => fail(`index out of range: ${index}`);

/** ext.Strings (version 2) and Kubernetes' regular expressions. Positions count characters, not bytes. */
export const strings: readonly Overload[] = [
  overload('string.charAt(int) -> string', (text: string, index: bigint) => {
    const all = [...text];
    return index < 0n || index > BigInt(all.length) ? outOfRange(index) : (all[Number(index)] ?? '');
  }),
  overload('string.indexOf(string) -> int', (text: string, part: string) => indexOf(text, part, 0n)),
  overload('string.indexOf(string, int) -> int', indexOf),
  overload('string.lastIndexOf(string) -> int', (text: string, part: string) => lastIndexOf(text, part, BigInt([...text].length))),
  overload('string.lastIndexOf(string, int) -> int', lastIndexOf),
  overload('string.lowerAscii() -> string', (text: string) => text.replace(/[A-Z]/g, (each) => each.toLowerCase())),
  overload('string.upperAscii() -> string', (text: string) => text.replace(/[a-z]/g, (each) => each.toUpperCase())),
  overload('string.trim() -> string', (text: string) => text.trim()),
  overload('string.replace(string, string) -> string', (text: string, from: string, to: string) => replaceSome(text, from, to, -1n)),
  overload('string.replace(string, string, int) -> string', replaceSome),
  overload('string.split(string) -> list(string)', (text: string, by: string) => texts(splitText(text, by))),
  overload('string.split(string, int) -> list(string)', (text: string, by: string, limit: bigint) =>
    texts(splitSome(text, by, Number(limit))),
  ),
  overload('string.substring(int) -> string', (text: string, start: bigint) => substring(text, start, BigInt([...text].length))),
  overload('string.substring(int, int) -> string', substring),
  overload('strings.quote(string) -> string', (text: string) => JSON.stringify(text)),
  overload('string.format(list(dyn)) -> string', (text: string, args: CelList) => formatted(text, [...args])),
  overload('list(string).join() -> string', (list: CelList) => joined(list, '')),
  overload('list(string).join(string) -> string', joined),
  overload('string.find(string) -> string', (text: string, pattern: string) => regexOf(pattern).exec(text)?.[0] ?? ''),
  overload('string.findAll(string) -> list(string)', (text: string, pattern: string) => texts(all(text, pattern))),
  overload('string.findAll(string, int) -> list(string)', (text: string, pattern: string, limit: bigint) =>
    texts(limit < 0n ? all(text, pattern) : all(text, pattern).slice(0, Number(limit))),
  ),
];

const regexOf = (pattern: string): RegExp => {
  const regex = compileRegex(pattern) ?? fail(`Illegal regex: error parsing regexp: ${regexProblem(pattern)}`);
  return new RegExp(regex.source, regex.flags);
};
const all = (text: string, pattern: string): string[] => {
  const regex = regexOf(pattern);
  return [...text.matchAll(new RegExp(regex.source, `${regex.flags}g`))].map(([found]) => found);
};

function indexOf(text: string, part: string, from: bigint): bigint {
  const characters = [...text];
  if (part === '') return from < 0n || from > BigInt(characters.length) ? outOfRange(from) : from;
  if (from < 0n) return outOfRange(from);
  const before = characters.slice(0, Number(from)).join('').length;
  const found = text.indexOf(part, before);
  return found === -1 ? -1n : BigInt([...text.slice(0, found)].length);
}

function lastIndexOf(text: string, part: string, from: bigint): bigint {
  const characters = [...text];
  if (from < 0n || from > BigInt(characters.length)) return outOfRange(from);
  if (part === '') return from;
  const found = text.lastIndexOf(part, characters.slice(0, Number(from)).join('').length);
  return found === -1 ? -1n : BigInt([...text.slice(0, found)].length);
}

function replaceSome(text: string, from: string, to: string, limit: bigint): string {
  // Nothing is found before every character and at the end.
  const parts = from === '' ? ['', ...text, ''] : text.split(from);
  const count = limit < 0n ? parts.length - 1 : Math.min(Number(limit), parts.length - 1);
  return (
    parts.slice(0, count + 1).join(to) +
    parts
      .slice(count + 1)
      .map((each) => from + each)
      .join('')
  );
}

const splitText = (text: string, by: string): string[] => (by === '' ? [...text] : text.split(by));

function splitSome(text: string, by: string, limit: number): string[] {
  if (limit === 0) return [];
  const parts = splitText(text, by);
  if (limit < 0 || parts.length <= limit) return parts;
  return [...parts.slice(0, limit - 1), parts.slice(limit - 1).join(by)];
}

function substring(text: string, start: bigint, end: bigint): string {
  const characters = [...text];
  const size = BigInt(characters.length);
  if (start < 0n || start > size) return outOfRange(start);
  if (end < 0n || end > size) return outOfRange(end);
  if (start > end) return fail(`invalid substring range. start: ${start}, end: ${end}`);
  return characters.slice(Number(start), Number(end)).join('');
}

function joined(list: CelList, by: string): string {
  return [...list].map((each) => (typeof each === 'string' ? each : fail('no such overload'))).join(by);
}
