import type { Part } from '../machine/process.js';
import { parse } from './parse.js';
import type { Shell } from './shell.js';
import { type Script, SyntaxProblem } from './syntax.js';

/**
 * A script from standard input that is no terminal: each command runs as soon as its lines are there, not at the end of the input. What sh and ash
 * have read ahead is lost to the programs that they start; bash leaves it to them.
 */
export function* pipedScript(shell: Shell): Part<number> {
  const next = shell.process.argv[0]?.endsWith('bash') ? () => shell.process.readLine() : linesAhead(shell);
  let source = '';
  for (let line = yield* next(); line !== undefined; line = yield* next()) {
    source += `${line}\n`;
    const script = complete(shell, source);
    if (!script) continue;
    source = '';
    yield* shell.run(script);
  }
  return source === '' ? shell.status : yield* shell.run(whole(shell, source));
}

/** Ends the shell where it is no script. */
export function whole(shell: Shell, source: string): Script {
  try {
    return parse(source.endsWith('\n') ? source : `${source}\n`);
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error;
    throw shell.fatal(error.message);
  }
}

/** undefined: more lines might make it whole. */
function complete(shell: Shell, source: string): Script | undefined {
  if (/(?:^|[^\\])(?:\\\\)*\\\n$/.test(source)) return undefined;
  try {
    return parse(source);
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error;
    if (error.incomplete) return undefined;
    throw shell.fatal(error.message);
  }
}

function linesAhead({ process }: Shell): () => Part<string | undefined> {
  let ahead: Buffer = Buffer.alloc(0);
  return function* () {
    let end = ahead.indexOf(10);
    while (end === -1) {
      const piece = yield* process.readPiece();
      if (!piece) break;
      end = piece.indexOf(10);
      if (end !== -1) end += ahead.length;
      ahead = Buffer.concat([ahead, piece]);
    }
    if (end === -1 && ahead.length === 0) return undefined;
    const line = ahead.subarray(0, end === -1 ? ahead.length : end).toString('utf8');
    ahead = ahead.subarray(end === -1 ? ahead.length : end + 1);
    return line;
  };
}
