/** Where something stands: the offset of the character that cel-go names in its messages. */
interface Node {
  at: number;
}

export type Constant = bigint | number | string | boolean | null | Uint8Array | { uint: bigint };

export type Expression = Node &
  (
    | { kind: 'constant'; value: Constant }
    | { kind: 'ident'; name: string }
    /** `has` asks whether the field is there; `optional` is `.?`. */
    | { kind: 'select'; operand: Expression; field: string; optional: boolean; has: boolean }
    /** Operators are calls by cel-go's names for them: `_+_`, `!_`, `_[_]`, `_?_:_`. */
    | { kind: 'call'; name: string; target?: Expression; args: readonly Expression[] }
    | { kind: 'list'; items: readonly { value: Expression; optional: boolean }[] }
    | { kind: 'map'; entries: readonly { at: number; key: Expression; value: Expression; optional: boolean }[] }
    | { kind: 'macro'; macro: Macro; range: Expression; variables: readonly string[]; args: readonly Expression[] }
  );

/** Those that walk over something. `optMap` and `optFlatMap` walk over what may be in an optional. */
export type Macro =
  | 'all'
  | 'exists'
  | 'exists_one'
  | 'map'
  | 'filter'
  | 'transformList'
  | 'transformMap'
  | 'transformMapEntry'
  | 'optMap'
  | 'optFlatMap';
