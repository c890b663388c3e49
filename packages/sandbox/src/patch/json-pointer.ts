import { noKey } from '../machinery/json-text.js';

/** RFC 6901: the keys of `/spec/template/a~1b`; undefined for what does not begin with a slash, or leads where JavaScript has no field. */
export function pointerKeys(pointer: string): string[] | undefined {
  if (pointer === '') return [];
  if (!pointer.startsWith('/')) return undefined;
  const keys = pointer
    .slice(1)
    .split('/')
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  return keys.includes(noKey) ? undefined : keys;
}
