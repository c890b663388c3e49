import type { Part } from '../machine/process.js';
import { expandPattern, expandText, expandWords } from './expand.js';
import { Leave } from './leave.js';
import { matchesPattern } from './pattern.js';
import type { Shell } from './shell.js';
import type { Command, Script } from './syntax.js';

/** What compound commands ask of their shell besides what everybody may. */
interface Inner {
  /** Runs a condition, whose failure ends nothing. */
  test(condition: Script): Part<number>;
  /** Runs a script in a shell of its own; answers its status. */
  subshell(body: Script): Part<number>;
}

/** Groups, branches, loops, cases, and the definition of functions. */
export function* compound(shell: Shell, command: Exclude<Command, { type: 'simple' }>, inner: Inner): Part {
  switch (command.type) {
    case 'group':
      yield* shell.run(command.body);
      return;
    case 'subshell':
      shell.status = yield* inner.subshell(command.body);
      return;
    case 'if':
      for (const { condition, body } of command.branches) {
        if ((yield* inner.test(condition)) !== 0) continue;
        shell.status = 0;
        yield* shell.run(body);
        return;
      }
      shell.status = 0;
      yield* shell.run(command.otherwise);
      return;
    case 'loop': {
      let status = 0;
      while (((yield* inner.test(command.condition)) === 0) !== command.until) {
        if (yield* leaves(shell, command.body)) break;
        status = shell.status;
      }
      shell.status = status;
      return;
    }
    case 'for': {
      const values = command.words ? yield* expandWords(shell, command.words) : [...shell.positional];
      shell.status = 0;
      for (const value of values) {
        shell.set(command.name, value);
        if (yield* leaves(shell, command.body)) break;
      }
      return;
    }
    case 'case': {
      const value = yield* expandText(shell, command.word);
      shell.status = 0;
      for (const { patterns, body } of command.items) {
        for (const pattern of patterns) {
          if (!matchesPattern(value, yield* expandPattern(shell, pattern))) continue;
          yield* shell.run(body);
          return;
        }
      }
      return;
    }
    case 'function':
      shell.functions.set(command.name, command.body);
      shell.status = 0;
      return;
    default:
      return command satisfies never;
  }
}

/** Runs a loop's body once; true: the loop is over. */
function* leaves(shell: Shell, body: Script): Part<boolean> {
  try {
    yield* shell.run(body);
    return false;
  } catch (error) {
    if (!(error instanceof Leave) || error.to === 'return') throw error;
    error.levels -= 1;
    if (error.levels > 0) throw error;
    return error.to === 'break';
  }
}
