import { type Overload, overload } from '../functions.js';
import { EvaluationError } from '../problem.js';
import { Opaque, ValueList, ValueMap } from '../value.js';

class Url extends Opaque {
  readonly typeName = 'kubernetes.URL';

  constructor(readonly parts: { scheme: string; host: string; path: string; query: string }) {
    super();
  }

  override equals(other: Opaque): boolean {
    return other instanceof Url && JSON.stringify(other.parts) === JSON.stringify(this.parts);
  }
}

/** url.ParseRequestURI: absolute, or a path from the root. */
function parse(text: string): Url | undefined {
  const [, scheme, rest = ''] = /^([a-zA-Z][a-zA-Z0-9+.-]*):\/\/(.*)$/s.exec(text) ?? [];
  if (/\p{Cc}/u.test(text)) return undefined;
  if (scheme === undefined && !text.startsWith('/')) return undefined;
  const [, host = '', path = '', , query = ''] = /^([^/?]*)([^?]*)(\?(.*))?$/s.exec(scheme === undefined ? text : rest) ?? [];
  if (/[ <>"]/.test(host) || /%(?![0-9a-fA-F]{2})/.test(host + path)) return undefined;
  return new Url({ scheme: (scheme ?? '').toLowerCase(), host: host.replace(/^.*@/, ''), path: path.replaceAll(' ', '%20'), query });
}

function url(text: string): Url {
  const found = parse(text);
  if (found) return found;
  const why = /^[a-z]+:\/\/[^/]* /i.test(text) ? 'invalid character " " in host name' : 'invalid URI for request';
  throw new EvaluationError(`URL parse error during conversion from string: parse ${JSON.stringify(text)}: ${why}`);
}

const portOf = (host: string): string => /:(\d*)$/.exec(host.replace(/^\[[^\]]*\]/, '[]'))?.[1] ?? '';
const hostname = (host: string): string =>
  host.replace(/:\d*$/, (found) => (host.startsWith('[') && !host.includes(']:') ? found : '')).replace(/^\[(.*)\]$/, '$1');
const type = 'kubernetes.URL';

export const urls: readonly Overload[] = [
  overload(`url(string) -> ${type}`, url),
  overload('isURL(string) -> bool', (text: string) => parse(text) !== undefined),
  overload(`${type}.getScheme() -> string`, ({ parts }: Url) => parts.scheme),
  overload(`${type}.getHost() -> string`, ({ parts }: Url) => parts.host),
  overload(`${type}.getHostname() -> string`, ({ parts }: Url) => hostname(parts.host)),
  overload(`${type}.getPort() -> string`, ({ parts }: Url) => portOf(parts.host)),
  overload(`${type}.getEscapedPath() -> string`, ({ parts }: Url) => parts.path),
  overload(`${type}.getQuery() -> map(string, list(string))`, ({ parts }: Url) => {
    const query = new URLSearchParams(parts.query);
    return new ValueMap([...new Set(query.keys())].map((key) => [key, new ValueList(query.getAll(key))] as const));
  }),
];
