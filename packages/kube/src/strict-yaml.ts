import { type Document, isAlias, isMap, isNode, isScalar, Lexer, LineCounter, parseAllDocuments, type Tags, visit } from 'yaml';

export interface YamlLimits {
  maxBytes: number;
  maxDocuments: number;
  /** Pieces of syntax: what bounds the time to parse (350,000 take about a second). */
  maxTokens: number;
}

export interface YamlDocument {
  value: unknown;
  /** 1 for the first. */
  number: number;
  /** Line of a field (path from the document's root), or of the nearest one above it; counted from 1 in the whole text. */
  lineOf(path: readonly (string | number)[]): number;
}

/** Why a text is not taken as YAML. Never quotes the text: it may hold a credential. */
export class YamlError extends Error {
  override readonly name = 'YamlError';

  constructor(
    message: string,
    readonly document: number,
    readonly line: number,
    /** The feature that was refused: anchor, alias, tag, merge key, directive; or undefined for a syntax error. */
    readonly feature?: string,
  ) {
    super(message);
  }
}

/**
 * YAML as kubectl reads it (1.1: `yes` is true, `0644` is octal), without what can surprise: no anchors, aliases, tags, merge keys, directives,
 * repeated keys, dates, or keys that are not strings. Empty documents are left out. Throws YamlError.
 */
export function parseStrictYaml(text: string, limits: YamlLimits): YamlDocument[] {
  if (Buffer.byteLength(text) > limits.maxBytes) throw new YamlError(`larger than ${limits.maxBytes / 1024} KiB`, 0, 0);
  try {
    return readAll(text, limits);
  } catch (error) {
    // Deep nesting ends on the parser's stack.
    if (error instanceof RangeError) throw new YamlError('nested too deeply', 0, 0);
    throw error;
  }
}

function readAll(text: string, limits: YamlLimits): YamlDocument[] {
  let tokens = 0;
  for (const _ of new Lexer().lex(text)) if (++tokens > limits.maxTokens) throw new YamlError('too complex', 0, 0);
  const lines = new LineCounter();
  const documents: YamlDocument[] = [];
  for (const [index, document] of read(text, lines).entries()) {
    const number = index + 1;
    check(document, number, lines);
    if (document.contents === null || (isScalar(document.contents) && document.contents.value === null)) continue;
    if (documents.length >= limits.maxDocuments) throw new YamlError(`more than ${limits.maxDocuments} documents`, number, 0);
    documents.push({ value: document.toJS(), number, lineOf: (path) => lineOf(document, path, lines) });
  }
  return documents;
}

function read(text: string, lineCounter: LineCounter): Document.Parsed[] {
  const parsed = parseAllDocuments(text, {
    lineCounter,
    version: '1.1',
    merge: false,
    strict: true,
    // Checked below: the parser's own check is quadratic.
    uniqueKeys: false,
    stringKeys: true,
    logLevel: 'silent',
    prettyErrors: false,
    customTags: (tags) => tags.filter(isPlain),
  });
  return Array.isArray(parsed) ? parsed : [];
}

/** Null, booleans, numbers (not `1:30`), strings, maps and lists. */
function isPlain(tag: Tags[number]): boolean {
  if (typeof tag === 'string') return ['null', 'bool', 'float', 'floatNaN', 'floatExp', 'int', 'intOct', 'intHex', 'intBin'].includes(tag);
  if (!/^tag:yaml\.org,2002:(map|seq|str|null|bool|int|float)$/.test(tag.tag)) return false;
  return !('format' in tag && tag.format === 'TIME');
}

function check(document: Document.Parsed, number: number, lines: LineCounter): void {
  const at = (node: unknown): number => (isNode(node) && node.range ? lines.linePos(node.range[0]).line : 0);
  const refuse = (feature: string, node: unknown): never => {
    throw new YamlError(`${/^[aeiou]/.test(feature) ? 'an' : 'a'} ${feature} is not accepted`, number, at(node), feature);
  };
  const { yaml, tags } = document.directives;
  if (yaml.explicit || Object.keys(tags).length > 1) refuse('directive', document.contents);
  visit(document, (_key, node) => {
    if (isAlias(node)) refuse('alias', node);
    if (isMap(node)) checkKeys(node.items, refuse);
    if (!isNode(node)) return;
    if (!isAlias(node) && node.anchor !== undefined) refuse('anchor', node);
    if (node.tag !== undefined) refuse('tag', node);
  });
  const error = document.errors[0] ?? document.warnings[0];
  if (error) throw new YamlError(words[error.code] ?? 'not valid YAML', number, lines.linePos(error.pos[0]).line);
}

const words: Partial<Record<string, string>> = {
  NON_STRING_KEY: 'a key is not a string',
  TAB_AS_INDENT: 'a tab is used for indentation',
  BAD_INDENT: 'the indentation is wrong',
  MISSING_CHAR: 'a character is missing',
  MULTILINE_IMPLICIT_KEY: 'a key runs over several lines',
};

function checkKeys(pairs: readonly { key: unknown }[], refuse: (feature: string, node: unknown) => never): void {
  const seen = new Set<unknown>();
  for (const { key } of pairs) {
    if (!isScalar(key)) refuse('key that is not a string', key);
    else if (key.value === '<<' && key.type === 'PLAIN') refuse('merge key', key);
    else if (key.value === '__proto__') refuse('key named __proto__', key);
    else if (seen.has(key.value)) refuse('repeated key', key);
    else seen.add(key.value);
  }
}

function lineOf(document: Document.Parsed, path: readonly (string | number)[], lines: LineCounter): number {
  for (let length = path.length; length >= 0; length--) {
    const parent = length === 0 ? undefined : document.getIn(path.slice(0, length - 1), true);
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    const key = isMap(parent) ? parent.items.find((pair) => isScalar(pair.key) && pair.key.value === path[length - 1])?.key : undefined;
    for (const found of [key, node]) if (isNode(found) && found.range) return lines.linePos(found.range[0]).line;
  }
  return 0;
}
