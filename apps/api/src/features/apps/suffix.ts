import { randomInt } from 'node:crypto';

const letters = 'bcdfghjklmnpqrstvwxz2456789';

/** Tells an object from others of its name, as the API server's own do. */
export const suffix = (): string => Array.from({ length: 5 }, () => letters[randomInt(letters.length)]).join('');
