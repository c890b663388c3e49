import { isLabel } from './names.js';

/** A name of something that makes pods should be a label: their host names are made of it. */
export function podMakerWarnings(name: string): string[] {
  const problems = isLabel(name);
  if (problems.length === 0) return [];
  const words =
    'metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended';
  return [`${words}: [${problems.join(' ')}]`];
}
