/** path.IsValidPathSegmentName: nearly everything is a name here. Several complaints are one, as they stand in a list. */
export function pathSegmentProblem(name: string): string | undefined {
  if (name === '.' || name === '..') return `may not be '${name}'`;
  for (const character of '/%') if (name.includes(character)) return `may not contain '${character}'`;
  return undefined;
}
