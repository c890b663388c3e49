/** Query parameters in the order they came, repeated keys kept. */
export type Params = ReadonlyMap<string, readonly string[]>;

export type TargetProblem =
  | 'not origin form'
  | 'not printable ASCII'
  | 'backslash or fragment'
  | 'bad percent encoding'
  | 'empty segment'
  | 'dot segment'
  | 'forbidden character in a segment'
  | 'malformed query'
  | 'too long'
  | 'no resource after a special verb';

/** A request target that is answered with 400 and never sent on. */
export class TargetError extends Error {
  override readonly name = 'TargetError';

  constructor(readonly reason: TargetProblem) {
    super(`the request target is refused: ${reason}`);
  }
}

export interface CanonicalTarget {
  /** The path as it came, still encoded, without one trailing slash: forward exactly this. */
  path: string;
  /** What followed the first `?`, as it came; '' when there was none. */
  query: string;
  /** `path` with the query: what to forward, byte for byte, and what to audit. */
  target: string;
  /** The path decoded once, as Go's URL.Path: what RequestInfo is read from. */
  decodedPath: string;
  /** Decoded segments; below `…/proxy/` the tail is one opaque, still encoded segment. */
  segments: readonly string[];
  params: Params;
}

const maxTarget = 32 * 1024;

/**
 * The one reading of a request's target that is authorised, forwarded and audited. Origin form, printable ASCII, no `\` or `#`; every segment
 * decoded once; an empty, `.` or `..` segment, or one that holds `/`, `%`, `\` or controls, is refused. One trailing slash counts as
 * absent. Throws TargetError.
 */
export function canonicalTarget(rawTarget: string): CanonicalTarget {
  if (rawTarget.length > maxTarget) throw new TargetError('too long');
  if (!rawTarget.startsWith('/')) throw new TargetError('not origin form');
  if (!/^[\x21-\x7e]*$/.test(rawTarget)) throw new TargetError('not printable ASCII');
  if (/[\\#]/.test(rawTarget)) throw new TargetError('backslash or fragment');
  const mark = rawTarget.indexOf('?');
  const rawPath = mark === -1 ? rawTarget : rawTarget.slice(0, mark);
  const query = mark === -1 ? '' : rawTarget.slice(mark + 1);
  const { path, segments, decodedPath } = readPath(rawPath);
  const params = parseQuery(query, 'strict');
  return { path, query, target: mark === -1 ? path : `${path}?${query}`, decodedPath, segments, params };
}

/**
 * Go's url.ParseQuery. 'lenient' drops pairs that Go drops (a `;`, a bad escape); 'strict' throws TargetError for them and for NUL. Bytes that are no
 * UTF-8 become U+FFFD.
 */
export function parseQuery(query: string, mode: 'strict' | 'lenient'): Params {
  const params = new Map<string, string[]>();
  for (const pair of query.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const key = decodeForm(equals === -1 ? pair : pair.slice(0, equals));
    const value = equals === -1 ? '' : decodeForm(pair.slice(equals + 1));
    if (key === undefined || value === undefined || pair.includes(';')) {
      if (mode === 'strict') throw new TargetError('malformed query');
      continue;
    }
    if (mode === 'strict' && (key + value).includes('\0')) throw new TargetError('malformed query');
    const known = params.get(key);
    if (known) known.push(value);
    else params.set(key, [value]);
  }
  return params;
}

/** Keys that came more than once, or in another case than `keys` spells them. The gateway refuses both for what decides a verb or a scope. */
export function ambiguousParams(params: Params, keys: readonly string[]): string[] {
  const wanted = new Map(keys.map((key) => [key.toLowerCase(), key]));
  const found: string[] = [];
  for (const [key, values] of params) {
    const spelled = wanted.get(key.toLowerCase());
    if (spelled !== undefined && (values.length > 1 || spelled !== key)) found.push(key);
  }
  return found;
}

function readPath(rawPath: string): { path: string; segments: string[]; decodedPath: string } {
  if (rawPath === '/') return { path: '/', segments: [], decodedPath: '/' };
  const raw = rawPath.slice(1).split('/');
  const segments: string[] = [];
  for (let i = 0; i < raw.length; i++) {
    if (isProxied(segments)) {
      const tail = raw.slice(i).join('/');
      const decodedTail = checkTail(tail);
      return { path: rawPath, segments: [...segments, tail], decodedPath: `/${segments.join('/')}/${decodedTail}` };
    }
    const last = i === raw.length - 1;
    if (last && raw[i] === '') return { path: rawPath.slice(0, -1), segments, decodedPath: `/${segments.join('/')}` };
    segments.push(readSegment(raw[i] ?? ''));
  }
  return { path: rawPath, segments, decodedPath: `/${segments.join('/')}` };
}

function readSegment(raw: string): string {
  const segment = decodePath(raw);
  if (segment === undefined) throw new TargetError('bad percent encoding');
  if (segment === '') throw new TargetError('empty segment');
  if (segment === '.' || segment === '..') throw new TargetError('dot segment');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: refusing them is the point
  if (/[/%\\\u0000-\u001f\u007f-\u009f]/.test(segment)) throw new TargetError('forbidden character in a segment');
  return segment;
}

/** `…/RESOURCE/NAME/proxy` of a resource in or out of a namespace: what follows belongs to the proxied server. */
function isProxied(segments: readonly string[]): boolean {
  if (segments.at(-1) !== 'proxy') return false;
  const root = segments[0] === 'api' ? 2 : segments[0] === 'apis' ? 3 : undefined;
  if (root === undefined) return false;
  const rest = segments.slice(root);
  return rest.length === 3 ? rest[0] !== 'namespaces' : rest.length === 5 && rest[0] === 'namespaces';
}

/** Opaque, but never a way up: something between us and the API server might fold dot segments. */
function checkTail(tail: string): string {
  const decoded = decodePath(tail);
  if (decoded === undefined) throw new TargetError('bad percent encoding');
  if (decoded.split(/[/\\]/).some((part) => part === '.' || part === '..')) throw new TargetError('dot segment');
  return decoded;
}

function decodePath(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** Form decoding; undefined for a bad escape. */
function decodeForm(text: string): string | undefined {
  if (/%(?![0-9A-Fa-f]{2})/.test(text)) return undefined;
  const spaced = text.replaceAll('+', ' ');
  if (!spaced.includes('%')) return spaced;
  // Not decodeURIComponent: a container's argument may be any bytes.
  const latin1 = Buffer.from(spaced, 'utf8').toString('latin1');
  const bytes = latin1.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
