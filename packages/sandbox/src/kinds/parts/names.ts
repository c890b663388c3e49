/**
 * What is wrong with a name, in the API server's words (apimachinery/pkg/util/validation); several things may be. Each function answers a list, which
 * is empty for a name that is one.
 */
export type NameRule = (value: string) => string[];

const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const label1035 = '[a-z]([-a-z0-9]*[a-z0-9])?';
const underscored = '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?';
const qualified = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const end = 'and must start and end with an alphanumeric character';

/** The words, examples, and the expression itself. */
const explained = (words: string, expression: string, ...examples: string[]): string =>
  examples.length === 0
    ? `${words} (regex used for validation is '${expression}')`
    : `${words} (e.g. ${examples.map((each) => `'${each}', `).join(' or ')}regex used for validation is '${expression}')`;

const matching =
  (expression: string, words: string, ...examples: string[]): NameRule =>
  (value) =>
    new RegExp(`^(?:${expression})$`).test(value) ? [] : [explained(words, expression, ...examples)];

const atMost =
  (length: number, rule: NameRule): NameRule =>
  (value) => [...(value.length > length ? [`must be no more than ${length} characters`] : []), ...rule(value)];

export const isSubdomain: NameRule = atMost(
  253,
  matching(
    `${label}(\\.${label})*`,
    `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', ${end}`,
    'example.com',
  ),
);
export const isUnderscoredSubdomain: NameRule = atMost(
  253,
  matching(
    `${underscored}(\\.${underscored})*`,
    `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', ${end}`,
    'example.com',
  ),
);
const plainLabel = matching(
  label,
  `a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', ${end}`,
  'my-name',
  '123-abc',
);
export const isLabel: NameRule = atMost(63, (value) => {
  const problems = plainLabel(value);
  return problems.length > 0 && value.length <= 253 && isSubdomain(value).length === 0 ? ['must not contain dots'] : problems;
});
export const isLabel1035: NameRule = atMost(
  63,
  matching(
    label1035,
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
    'my-name',
    'abc-123',
  ),
);
export const isWildcardSubdomain: NameRule = atMost(
  253,
  matching(
    `\\*\\.${label}(\\.${label})*`,
    "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character",
    '*.example.com',
  ),
);
export const isLabelValue: NameRule = atMost(
  63,
  matching(
    `(${qualified})?`,
    `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', ${end}`,
    'MyValue',
    'my_value',
    '12345',
  ),
);

const qualifiedWords = `must consist of alphanumeric characters, '-', '_' or '.', ${end}`;
const qualifiedExamples = ['MyName', 'my.name', '123-abc'] as const;

/** `[prefix/]name`: keys of labels and annotations, conditions, gates, resources. */
export const isQualifiedName: NameRule = (value) => {
  const parts = value.split('/');
  if (parts.length > 2) {
    const words = explained(`a qualified name ${qualifiedWords}`, qualified, ...qualifiedExamples);
    return [`${words} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
  }
  const problems: string[] = [];
  const name = parts.at(-1) ?? '';
  if (parts.length === 2) {
    if (parts[0] === '') problems.push('prefix part must be non-empty');
    else problems.push(...isSubdomain(parts[0] ?? '').map((each) => `prefix part ${each}`));
  }
  if (name === '') problems.push('name part must be non-empty');
  else if (name.length > 63) problems.push('name part must be no more than 63 characters');
  problems.push(...matching(qualified, `name part ${qualifiedWords}`, ...qualifiedExamples)(name));
  return problems;
};

export const isPortName: NameRule = (value) => [
  ...(value.length > 15 ? ['must be no more than 15 characters'] : []),
  ...(/^[-a-z0-9]+$/.test(value) ? [] : ['must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)']),
  ...(/[a-z]/.test(value) ? [] : ['must contain at least one letter (a-z)']),
  ...(value.includes('--') ? ['must not contain consecutive hyphens'] : []),
  ...(/^-|-$/.test(value) ? ['must not begin or end with a hyphen'] : []),
];

export const isEnvName: NameRule = (value) => [
  ...(value === '' ? ['environment variable name must be non-empty'] : []),
  ...(/^[ -<>-~]*$/.test(value)
    ? []
    : ["a valid environment variable name must consist only of printable ASCII characters other than '='"]),
];

export const isHeaderName: NameRule = matching(
  '[-A-Za-z0-9]+',
  "a valid HTTP header must consist of alphanumeric characters or '-'",
  'X-Header-Name',
);

export const isConfigKey: NameRule = (value) => [
  ...atMost(
    253,
    matching(
      '[-._a-zA-Z0-9]+',
      "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
      'key.name',
      'KEY_NAME',
      'key-name',
    ),
  )(value),
  ...(value === '.' || value === '..' ? [`must not be '${value}'`] : value.startsWith('..') ? ["must not start with '..'"] : []),
];

/** Names of most objects, with the words of path segments besides. */
export const firstProblem =
  (rule: NameRule) =>
  (value: string): string | undefined =>
    rule(value)[0];
