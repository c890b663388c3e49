import type { Part } from '../machine/process.js';
import { evaluate } from './arithmetic.js';
import { isPattern, matchesPattern, patternSource, quotePattern, trimmed, unquotePattern } from './pattern.js';
import type { Shell } from './shell.js';
import type { Piece, Word } from './syntax.js';

/** A field as a pattern: what was quoted is escaped in it. */
interface Field {
  pattern: string;
  /** Quotes make an empty field count. */
  quoted: boolean;
}

/** All fields of the words: parameters, substitutions, splitting, file names. */
export function* expandWords(shell: Shell, words: readonly Word[]): Part<string[]> {
  const all: string[] = [];
  for (const word of words) {
    for (const field of yield* fieldsOf(shell, word)) {
      const files = isPattern(field.pattern) && !shell.options.has('f') ? glob(shell, field.pattern) : [];
      all.push(...(files.length > 0 ? files : [unquotePattern(field.pattern)]));
    }
  }
  return all;
}

/** One text, not split: assignments, redirections, `case`. */
export function* expandText(shell: Shell, word: Word): Part<string> {
  return unquotePattern(yield* expandPattern(shell, word));
}

/** One pattern: quoted pieces match as they are. */
export function* expandPattern(shell: Shell, word: Word): Part<string> {
  let text = '';
  for (const [index, piece] of word.entries()) {
    if (piece.type === 'text') text += piece.quoted ? quotePattern(piece.text) : index === 0 ? tilde(shell, piece.text) : piece.text;
    else {
      const value = yield* pieceValue(shell, piece);
      text += piece.quoted ? quotePattern(value) : value.replaceAll('\\', '\\\\');
    }
  }
  return text;
}

function* fieldsOf(shell: Shell, word: Word): Part<Field[]> {
  const fields: Field[] = [];
  let current: Field | undefined;
  const add = (pattern: string, quoted: boolean): void => {
    current ??= { pattern: '', quoted: false };
    current.pattern += pattern;
    current.quoted ||= quoted;
  };
  const finish = (): void => {
    if (current && (current.pattern !== '' || current.quoted)) fields.push(current);
    current = undefined;
  };
  for (const [index, piece] of word.entries()) {
    if (piece.type === 'text')
      add(piece.quoted ? quotePattern(piece.text) : index === 0 ? tilde(shell, piece.text) : piece.text, piece.quoted);
    else if (piece.type === 'parameter' && piece.quoted && piece.name === '@' && piece.operator === '') {
      for (const [at, argument] of shell.positional.entries()) {
        if (at > 0) finish();
        add(quotePattern(argument), true);
      }
    } else {
      const value = yield* pieceValue(shell, piece);
      if (piece.quoted) {
        add(quotePattern(value), true);
        continue;
      }
      const separators = shell.get('IFS', ' \t\n');
      const parts = separators === '' ? [value] : value.split(new RegExp(`[${separators.replace(/[\]\\^-]/g, '\\$&')}]+`));
      for (const [at, part] of parts.entries()) {
        if (at > 0) finish();
        if (part !== '') add(part.replaceAll('\\', '\\\\'), false);
      }
    }
  }
  finish();
  return fields;
}

function* pieceValue(shell: Shell, piece: Exclude<Piece, { type: 'text' }>): Part<string> {
  if (piece.type === 'command') return yield* shell.capture(piece.script);
  if (piece.type === 'arithmetic') {
    const text = yield* expandText(shell, piece.expression);
    return String(evaluate(text, { get: (name) => shell.get(name), set: (name, value) => shell.set(name, value) }));
  }
  const { name, operator, argument } = piece;
  const value = shell.lookup(name);
  const missing = value === undefined || (operator.startsWith(':') && operator.length > 1 && value === '');
  switch (operator.replace(/^:(?=.)/, '')) {
    case '':
      if (value === undefined && shell.options.has('u') && !'@*'.includes(name)) throw shell.fatal(`${name}: parameter not set`);
      return value ?? '';
    case 'length':
      return String((value ?? '').length);
    case '-':
      return missing ? yield* expandText(shell, argument) : value;
    case '+':
      return missing ? '' : yield* expandText(shell, argument);
    case '=': {
      if (!missing) return value;
      const given = yield* expandText(shell, argument);
      shell.set(name, given);
      return given;
    }
    case '?':
      if (!missing) return value;
      throw shell.fatal(`${name}: ${(yield* expandText(shell, argument)) || 'parameter not set or null'}`);
    case '/':
    case '//': {
      const [pattern = '', replacement = ''] = (yield* expandPattern(shell, argument)).split(/\/([\s\S]*)/);
      return (value ?? '').replace(new RegExp(patternSource(pattern), operator === '//' ? 'g' : ''), () => unquotePattern(replacement));
    }
    case ':': {
      const [from = '0', count] = (yield* expandText(shell, argument)).split(':').map((each) => each.trim());
      const start = Number(from);
      const rest = (value ?? '').slice(start);
      return count === undefined ? rest : Number(count) < 0 ? rest.slice(0, Number(count)) : rest.slice(0, Number(count));
    }
    default:
      return trimmed(value ?? '', operator, yield* expandPattern(shell, argument));
  }
}

function tilde(shell: Shell, text: string): string {
  return text === '~' || text.startsWith('~/') ? shell.get('HOME', '/root') + text.slice(1) : text;
}

function glob(shell: Shell, pattern: string): string[] {
  const { fs, cwd } = shell.process;
  let found: string[] = [pattern.startsWith('/') ? '/' : ''];
  for (const part of pattern.split('/').filter((each) => each !== '')) {
    const next: string[] = [];
    for (const before of found) {
      const directory = before.startsWith('/') ? before : `${cwd}/${before}`;
      const at = (name: string): string => (before === '' ? name : before.endsWith('/') ? before + name : `${before}/${name}`);
      if (!isPattern(part)) {
        if (fs.lstat(`${directory}/${unquotePattern(part)}`)) next.push(at(unquotePattern(part)));
      } else if (fs.isDirectory(directory)) {
        const names = fs.list(directory).filter((name) => (part.startsWith('.') || !name.startsWith('.')) && matchesPattern(name, part));
        next.push(...names.map(at));
      }
    }
    found = next;
  }
  return found.filter((each) => each !== '');
}
