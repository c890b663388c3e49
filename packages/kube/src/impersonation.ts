/** Whom a request acts as. The order of groups and values is kept. */
export interface Impersonation {
  user: string;
  groups: readonly string[];
  extra: Readonly<Record<string, readonly string[]>>;
}

const limits = { value: 1024, key: 253, values: 64 } as const;

/**
 * Header pairs for an impersonated request, one line per group and per extra value: never joined, since `a,b` may be one group.
 * Throws TypeError for anything that is not printable ASCII without surrounding blanks, for keys outside `a-z0-9/-._`, and over the
 * caps (1 kB a value, 253 bytes a key, 64 values). Extra keys are percent-encoded as Kubernetes reads them back.
 */
export function impersonationHeaders(as: Impersonation): [string, string][] {
  const pairs: [string, string][] = [['impersonate-user', checked('user', as.user)]];
  for (const group of as.groups) pairs.push(['impersonate-group', checked('group', group)]);
  for (const [key, values] of Object.entries(as.extra)) {
    if (!/^[a-z0-9/\-._]+$/.test(key) || key.length > limits.key) throw new TypeError('impersonation: not a valid extra key');
    const header = `impersonate-extra-${encodeExtraKey(key)}`;
    for (const value of values) pairs.push([header, checked('extra value', value)]);
  }
  if (pairs.length > limits.values) throw new TypeError('impersonation: too many values');
  return pairs;
}

// "/" is no token character of HTTP; Kubernetes unescapes keys with url.PathUnescape. encodeURIComponent leaves the rest of the alphabet alone.
const encodeExtraKey = (key: string): string => encodeURIComponent(key).toLowerCase();

function checked(what: string, value: string): string {
  if (value === '' || value.length > limits.value) throw new TypeError(`impersonation: ${what} is empty or too long`);
  if (!/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(value)) throw new TypeError(`impersonation: ${what} is not printable ASCII`);
  return value;
}
