import { GivenInput, nothing } from '../machine/channel.js';
import { FileError } from '../machine/file-system.js';
import { openFile } from '../machine/open-file.js';
import type { Part, Process } from '../machine/process.js';
import { expandText } from './expand.js';
import type { Shell } from './shell.js';
import type { Redirect } from './syntax.js';

/** False where one cannot be opened; that was said. */
export function* redirect(shell: Shell, redirects: readonly Redirect[]): Part<boolean> {
  for (const { from, operator, target } of redirects) {
    const text = yield* expandText(shell, target);
    try {
      redirectOne(shell.process, from, operator, text);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      const verb = operator === '<' ? 'open' : 'create';
      const reason = error.code === 'ENOENT' ? (operator === '<' ? 'no such file' : 'nonexistent directory') : error.message;
      shell.complain(`can't ${verb} ${text}: ${reason}`);
      shell.status = 1;
      return false;
    }
  }
  return true;
}

function redirectOne(process: Process, from: number, operator: Redirect['operator'], text: string): void {
  if (operator === '<<' || operator === '<<<') {
    process.stdin = new GivenInput(Buffer.from(operator === '<<' ? text : `${text}\n`, 'utf8'));
    return;
  }
  if (operator === '<') {
    process.stdin = openFile(process, process.path(text), 'read');
    return;
  }
  if (operator === '>&' || operator === '<&') {
    if (operator === '<&') return;
    const output = text === '2' ? process.stderr : text === '-' ? nothing : process.stdout;
    if (from === 1) process.stdout = output;
    if (from === 2) process.stderr = output;
    return;
  }
  const output = openFile(process, process.path(text), operator === '>>' ? 'append' : 'write');
  if (from === 1 || operator === '&>') process.stdout = output;
  if (from === 2 || operator === '&>') process.stderr = output;
}
