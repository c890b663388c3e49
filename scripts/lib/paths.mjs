// Where things are. Plain Node and no dependency: this is read before anything is installed.
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const fromRoot = (...parts) => path.join(root, ...parts);

/** A program of the workspace, as installed for the package in `folder`. */
export const bin = (name, folder = '.') => fromRoot(folder, 'node_modules/.bin', process.platform === 'win32' ? `${name}.cmd` : name);

/** A path as the person typed it: npm runs scripts in the root and keeps the person's own folder in INIT_CWD. */
export const fromCaller = (given) => path.resolve(process.env.INIT_CWD ?? process.cwd(), given);

/** The data folder; a relative one is relative to the root, so that it does not depend on where the command was typed. */
export const dataFolder = (env = process.env) => path.resolve(root, env.FAIRLEAD_DATA_DIR || '.fairlead');
