/** What is wrong with the text of an expression. */
export interface Problem {
  at: number;
  message: string;
}

/** An expression that cannot be read or is wrongly typed, in cel-go's form: a line for each problem, with its place in the source. */
export class CompileError extends Error {
  override readonly name = 'CompileError';

  constructor(
    source: string,
    readonly problems: readonly Problem[],
  ) {
    super(shown(source, problems));
  }
}

/** What an evaluation ends with when it has no value. */
export class EvaluationError extends Error {
  override readonly name = 'EvaluationError';
}

function shown(source: string, problems: readonly Problem[]): string {
  const lines = source.split('\n');
  const starts: number[] = [];
  let start = 0;
  for (const line of lines) {
    starts.push(start);
    start += line.length + 1;
  }
  return [...problems]
    .sort((a, b) => a.at - b.at)
    .map(({ at, message }) => {
      let row = starts.findLastIndex((each) => each <= at);
      if (row < 0) row = 0;
      const column = at - (starts[row] ?? 0);
      return `ERROR: <input>:${row + 1}:${column + 1}: ${message}\n | ${lines[row] ?? ''}\n | ${'.'.repeat(column)}^`;
    })
    .join('\n');
}
