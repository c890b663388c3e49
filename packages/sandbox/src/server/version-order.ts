/** apimachinery/pkg/version.CompareKubeAwareVersionStrings, the newest and most stable first: v2, v1, v1beta2, v1beta1, v1alpha1, others by name. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [parsed(a), parsed(b)];
  if (!left || !right) return left ? -1 : right ? 1 : a < b ? -1 : 1;
  return right.stability - left.stability || right.major - left.major || right.minor - left.minor;
}

function parsed(version: string): { major: number; stability: number; minor: number } | undefined {
  const found = /^v([1-9]\d*)(?:(alpha|beta)([1-9]\d*))?$/.exec(version);
  if (!found) return undefined;
  const stability = found[2] === undefined ? 2 : found[2] === 'beta' ? 1 : 0;
  return { major: Number(found[1]), stability, minor: Number(found[3] ?? 0) };
}
