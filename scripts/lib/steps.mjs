// Steps that are skipped while their inputs are those of the last run.
import { createHash } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fromRoot, root } from './paths.mjs';
import { contentOf, isOurCommand } from './process-id.mjs';
import { CommandError } from './run.mjs';

const stamps = fromRoot('node_modules/.fairlead-steps');
const began = performance.now();
const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

/** One line of progress, with the seconds since the command began. */
export const progress = (text) => console.log(`${seconds(began).padStart(8)}  ${text}`);

/** A step that failed: what ended, the end of its output, and what to do about it. */
export class StepError extends Error {
  constructor(step, cause, hint) {
    super(`${step} failed: ${cause.message}`, { cause });
    this.name = 'StepError';
    this.hint = hint;
  }
}

/**
 * Runs `work` unless `inputs` (files and folders from the root) are those of its last success and all `outputs` exist.
 * Two commands in one clone do not run the same step at once. Answers whether it ran.
 */
export async function step(name, { inputs, outputs, hint }, work) {
  const stamp = path.join(stamps, name.replaceAll(' ', '-'));
  const done = () => existsSync(stamp) && outputs.every((o) => existsSync(fromRoot(o))) && readFileSync(stamp, 'utf8') === hashOf(inputs);
  if (done()) return false;
  const unlock = await lock(name);
  try {
    if (done()) return false; // another command has just done it
    const hash = hashOf(inputs);
    const since = performance.now();
    progress(`${name} …`);
    await work();
    mkdirSync(stamps, { recursive: true });
    writeFileSync(stamp, hash);
    progress(`${name}: done in ${seconds(since)}`);
    return true;
  } catch (error) {
    throw new StepError(name, error, hint);
  } finally {
    unlock();
  }
}

/** Says a failure so that a person can act on it. */
export function explain(error) {
  const cause = error instanceof StepError ? error.cause : error;
  if (cause instanceof CommandError && cause.tail.trim()) console.error(`\n${cause.tail.trim().split('\n').slice(-40).join('\n')}`);
  console.error(`\n${error.message}`);
  if (error.hint) console.error(error.hint);
  if (!(cause instanceof CommandError) && process.env.FAIRLEAD_DEBUG) console.error(error);
}

const passedOver = new Set(['node_modules', 'dist', '.next', 'generated', 'test', 'e2e', 'next-env.d.ts']);

/** Tests are no input of a build. */
const isInput = (name) => !passedOver.has(name) && !/\.(spec|e2e)\.[a-z]+$/.test(name) && !name.endsWith('.tsbuildinfo');

/** Of the contents of files and folders, named from the root. What is built or only tests is passed over inside folders. */
export function hashOf(inputs) {
  const hash = createHash('sha256').update(process.version);
  const visit = (file) => {
    const stat = statSync(file, { throwIfNoEntry: false });
    if (!stat) return;
    if (!stat.isDirectory()) return void hash.update(`\0${path.relative(root, file)}\0`).update(readFileSync(file));
    for (const entry of readdirSync(file).sort()) if (isInput(entry)) visit(path.join(file, entry));
  };
  for (const input of inputs) visit(fromRoot(input));
  return hash.digest('hex');
}

/** Held by process id; one whose process is gone is taken over. It lies outside node_modules, which an install may make anew. */
async function lock(name) {
  const clone = createHash('sha256').update(root).digest('hex').slice(0, 12);
  const file = path.join(os.tmpdir(), `fairlead-${clone}-${name.replaceAll(' ', '-')}.lock`);
  for (;;) {
    try {
      const handle = openSync(file, 'wx', 0o600);
      writeFileSync(handle, String(process.pid));
      closeSync(handle);
      const unlock = () => {
        rmSync(file, { force: true });
        process.off('exit', unlock);
      };
      process.on('exit', unlock);
      return unlock;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (await isAbandoned(file)) rmSync(file, { force: true });
      else await sleep(100);
    }
  }
}

async function isAbandoned(file) {
  if (contentOf(file) === '') await sleep(50); // made, and not yet written
  return !isOurCommand(Number(contentOf(file)));
}
