import { type FieldError, invalidValue } from '../../machinery/field-error.js';
import { baseline, type Check, type Pod, restricted } from './checks.js';
import type { Finding } from './findings.js';

export type Level = 'privileged' | 'baseline' | 'restricted';
export type Mode = 'enforce' | 'audit' | 'warn';

export interface Policy {
  level: Level;
  /** `latest` or `v1.30`. */
  version: string;
}

const prefix = 'pod-security.kubernetes.io/';
const levels: readonly Level[] = ['privileged', 'baseline', 'restricted'];
const currentMinor = 34;

export const shownPolicy = ({ level, version }: Policy): string => `${level}:${version}`;

/** What a namespace's labels ask for in one mode. A level that is none is the strictest. */
export function policyOf(labels: Readonly<Record<string, string>> | undefined, mode: Mode): Policy {
  const level = labels?.[prefix + mode];
  const version = labels?.[`${prefix}${mode}-version`];
  const known = levels.find((each) => each === level);
  return { level: level === undefined ? 'privileged' : (known ?? 'restricted'), version: isVersion(version) ? version : 'latest' };
}

const isVersion = (version: string | undefined): version is string =>
  version !== undefined && /^(?:latest|v1\.(?:0|[1-9]\d*))$/.test(version);

/** What is wrong with the labels themselves. */
export function labelErrors(labels: Readonly<Record<string, string>> | undefined): FieldError[] {
  return (['enforce', 'audit', 'warn'] as const).flatMap((mode) => {
    const errors: FieldError[] = [];
    const [level, version] = [labels?.[prefix + mode], labels?.[`${prefix}${mode}-version`]];
    if (level !== undefined && !levels.some((each) => each === level))
      errors.push(invalidValue(`metadata.labels[${prefix}${mode}]`, level, 'must be one of privileged, baseline, restricted'));
    if (version !== undefined && !isVersion(version))
      errors.push(invalidValue(`metadata.labels[${prefix}${mode}-version]`, version, 'must be "latest" or "v1.x"'));
    return errors;
  });
}

export const isStricter = (a: Level, b: Level): boolean => levels.indexOf(a) > levels.indexOf(b);

/** Everything that a policy forbids about a pod. */
export function findingsOf({ level, version }: Policy, pod: Pod): Finding[] {
  if (level === 'privileged') return [];
  const minor = version === 'latest' ? currentMinor : Math.min(Number(version.slice('v1.'.length)), currentMinor);
  const active = (checks: readonly Check[]): Check[] => checks.filter(({ since = 0 }) => minor >= since);
  const strict = level === 'restricted' ? active(restricted) : [];
  const overridden = new Set(strict.map(({ overrides }) => overrides));
  const checks = [...active(baseline).filter(({ id }) => !overridden.has(id)), ...strict];
  return checks.flatMap((check) => check.find(pod, minor) ?? []);
}

export const describeFindings = (findings: readonly Finding[]): string =>
  findings.map(({ reason, detail }) => `${reason} (${detail})`).join(', ');
