const alphabet = 'bcdfghjklmnpqrstvwxz2456789';

/** `5d4f8c7b9`: the same for the same template and collision count, in letters and digits that form no words. */
export function templateHash(template: unknown, collisionCount?: number): string {
  const hash = fnv1a(canonical(template) + (collisionCount === undefined ? '' : `#${collisionCount}`));
  return safeEncode(String(hash));
}

/** Each character becomes one of the alphabet. */
export function safeEncode(text: string): string {
  return [...text].map((each) => alphabet[each.charCodeAt(0) % alphabet.length]).join('');
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** JSON whose keys are in order, so that equal data have equal texts. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  const fields = Object.entries(value)
    .filter(([, each]) => each !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([key, each]) => `${JSON.stringify(key)}:${canonical(each)}`).join(',')}}`;
}
