import { isLabelValue } from '../parts/names.js';
import { type Fields, list, strings, text } from '../parts/values.js';

const oldLabels: Readonly<Record<string, string>> = {
  'beta.kubernetes.io/arch': 'kubernetes.io/arch',
  'beta.kubernetes.io/os': 'kubernetes.io/os',
  'failure-domain.beta.kubernetes.io/region': 'topology.kubernetes.io/region',
  'failure-domain.beta.kubernetes.io/zone': 'topology.kubernetes.io/zone',
  'beta.kubernetes.io/instance-type': 'node.kubernetes.io/instance-type',
};

/** What is said of labels that nodes had once. */
export const oldLabelWords: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(oldLabels).map(([key, use]) => [
    key,
    `deprecated since ${/arch|os$/.test(key) ? 'v1.14' : 'v1.17'}; use "${use}" instead`,
  ]),
);

/** GetWarningsForNodeSelectorTerm. */
export const nodeTermWarnings = ({ matchExpressions }: Fields, at: string, looksAtValues = false): string[] =>
  list(matchExpressions).flatMap(({ key, values }, index) => {
    const place = `${at}.matchExpressions[${index}]`;
    const words = oldLabelWords[text(key)];
    return [
      ...(words ? [`${place}.key: ${text(key)} is ${words}`] : []),
      ...(looksAtValues
        ? strings(values).flatMap((value, position) =>
            isLabelValue(value).map((problem) => `${place}.values[${position}]: ${value} is invalid, ${problem}`),
          )
        : []),
    ];
  });
