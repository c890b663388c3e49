import { fields, list, stringMap, strings, text } from './values.js';

/** metav1.FormatLabelSelector: `app=web,tier in (a,b)`; `<none>` where it asks for nothing. */
export function selectorText(selector: unknown): string {
  const { matchLabels, matchExpressions } = fields(selector);
  const terms = [
    ...Object.entries(stringMap(matchLabels)).map(([key, value]) => ({ key, term: `${key}=${value}` })),
    ...list(matchExpressions).map((each) => ({ key: text(each.key), term: expressionText(each) })),
  ];
  const sorted = terms.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ term }) => term);
  return sorted.length === 0 ? '<none>' : sorted.join(',');
}

/** labels.FormatLabels. */
export function labelsText(labels: unknown): string {
  const pairs = Object.entries(stringMap(labels)).map(([key, value]) => `${key}=${value}`);
  return pairs.length === 0 ? '<none>' : pairs.sort().join(',');
}

function expressionText({ key, operator, values }: Readonly<Record<string, unknown>>): string {
  const set = `(${[...strings(values)].sort().join(',')})`;
  switch (operator) {
    case 'In':
      return `${text(key)} in ${set}`;
    case 'NotIn':
      return `${text(key)} notin ${set}`;
    case 'Exists':
      return text(key);
    default:
      return `!${text(key)}`;
  }
}
