/** What the shell reads: the grammar of POSIX sh, without here-documents inside of here-documents. */
export type Piece =
  | { type: 'text'; text: string; quoted: boolean }
  | { type: 'parameter'; name: string; operator: string; argument: Word; quoted: boolean }
  | { type: 'command'; script: Script; quoted: boolean }
  | { type: 'arithmetic'; expression: Word; quoted: boolean };
export type Word = readonly Piece[];

export interface Redirect {
  /** The file descriptor that it changes. */
  from: number;
  operator: '<' | '>' | '>>' | '>&' | '<&' | '<<' | '<<<' | '&>';
  /** A file, a descriptor's number, or the text of a here-document. */
  target: Word;
}

export interface Assignment {
  name: string;
  value: Word;
}

export type Command =
  | { type: 'simple'; assignments: Assignment[]; words: Word[]; redirects: Redirect[] }
  | { type: 'group' | 'subshell'; body: Script; redirects: Redirect[] }
  | { type: 'if'; branches: { condition: Script; body: Script }[]; otherwise: Script; redirects: Redirect[] }
  | { type: 'loop'; until: boolean; condition: Script; body: Script; redirects: Redirect[] }
  | { type: 'for'; name: string; words: Word[] | undefined; body: Script; redirects: Redirect[] }
  | { type: 'case'; word: Word; items: { patterns: Word[]; body: Script }[]; redirects: Redirect[] }
  | { type: 'function'; name: string; body: Command; redirects: Redirect[] };

export interface Pipeline {
  negated: boolean;
  commands: Command[];
  timed?: boolean;
}
export interface Statement {
  first: Pipeline;
  rest: { operator: '&&' | '||'; pipeline: Pipeline }[];
  background: boolean;
  /** As it was written: what `jobs` and `ps` show. */
  source: string;
}
export type Script = readonly Statement[];

/** `incomplete`: more lines might make it whole. */
export class SyntaxProblem extends Error {
  constructor(
    message: string,
    readonly incomplete = false,
  ) {
    super(message);
  }
}
