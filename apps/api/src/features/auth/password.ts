import { hash, verify } from '@node-rs/argon2';
import { AppError } from '../../platform/app-error.js';

// OWASP's first choice of 2025: 19 MiB, two passes, one lane.
// 2 is argon2id: the enum exists at compile time only.
const options = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const atOnce = 2;
const maxWaiting = 50;

let running = 0;
const waiting: (() => void)[] = [];

/** Hashing takes 19 MiB and a core: two at once, a short queue, and a clear answer beyond it. */
async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= atOnce) {
    if (waiting.length >= maxWaiting) throw new AppError('busy');
    await new Promise<void>((resolve) => waiting.push(resolve));
  }
  running++;
  try {
    return await work();
  } finally {
    running--;
    waiting.shift()?.();
  }
}

export const hashPassword = (password: string): Promise<string> => inTurn(() => hash(password, options));

let dummy: Promise<string> | undefined;

/** Takes the same time whether there is a hash or not, so that an unknown name answers like a wrong password. */
export async function passwordMatches(stored: string | null, password: string): Promise<boolean> {
  dummy ??= hash('no account has this', options);
  const against = stored ?? (await dummy);
  const matches = await inTurn(() => verify(against, password));
  return matches && stored !== null;
}
