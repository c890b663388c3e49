import { type CelFunc, type CelInput, CelScalar, type CelValue, celFunc, celMethod, isCelList, listType } from '@bufbuild/cel';

const list = listType(CelScalar.DYN);
const compare = (a: CelValue, b: CelValue): number => {
  const [left, right] = [a, b] as [number | bigint | string, number | bigint | string];
  return left < right ? -1 : left > right ? 1 : 0;
};
const items = (value: unknown): CelValue[] => (isCelList(value) ? [...value] : []);
const least = (values: CelValue[], sign: 1 | -1): CelValue => {
  if (values.length === 0) throw new Error('min/max called on empty list');
  return values.reduce((best, each) => (compare(each, best) * sign < 0 ? each : best));
};
const input = (value: CelValue): CelInput => value as CelInput;

/** What Kubernetes adds to CEL's own functions, as far as the sandbox has it: lists and regular expressions (k8s.io/apiserver/pkg/cel/library). */
export const kubernetesFunctions: readonly CelFunc[] = [
  celMethod('isSorted', list, [], CelScalar.BOOL, function () {
    const values = items(this);
    return values.every((each, index) => index === 0 || compare(values[index - 1] as CelValue, each) <= 0);
  }),
  celMethod('sum', list, [], CelScalar.DYN, function () {
    const values = items(this);
    if (values.length === 0) return 0n;
    return values.reduce((sum, each) =>
      typeof sum === 'bigint' ? sum + (each as bigint) : (sum as number) + (each as number),
    ) as CelInput;
  }),
  celMethod('min', list, [], CelScalar.DYN, function () {
    return input(least(items(this), 1));
  }),
  celMethod('max', list, [], CelScalar.DYN, function () {
    return input(least(items(this), -1));
  }),
  celMethod('indexOf', list, [CelScalar.DYN], CelScalar.INT, function (wanted) {
    return BigInt(items(this).indexOf(wanted));
  }),
  celMethod('lastIndexOf', list, [CelScalar.DYN], CelScalar.INT, function (wanted) {
    return BigInt(items(this).lastIndexOf(wanted));
  }),
  celMethod('find', CelScalar.STRING, [CelScalar.STRING], CelScalar.STRING, function (pattern) {
    return new RegExp(pattern, 'u').exec(this)?.[0] ?? '';
  }),
  celMethod('findAll', CelScalar.STRING, [CelScalar.STRING], list, function (pattern) {
    return this.match(new RegExp(pattern, 'gu')) ?? [];
  }),
  celFunc('isURL', [CelScalar.STRING], CelScalar.BOOL, (text) => URL.canParse(text)),
];
