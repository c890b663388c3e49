export class ArithmeticError extends Error {}

type Variables = { get(name: string): string; set(name: string, value: string): void };

const levels: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<=', '>=', '<', '>'],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
];

/** `$((…))`: whole numbers, C's operators. Throws ArithmeticError. */
export function evaluate(expression: string, variables: Variables): number {
  const tokens = expression.match(/\d+|[A-Za-z_]\w*|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%]=|[-+*/%<>=!~()?:&|^]/g) ?? [];
  let at = 0;
  const next = (): string | undefined => tokens[at];
  const numberOf = (name: string): number => Number.parseInt(variables.get(name) || '0', 10) || 0;

  const assignment = (): number => {
    const name = next();
    const operator = tokens[at + 1];
    if (name !== undefined && /^[A-Za-z_]/.test(name) && operator !== undefined && /^([-+*/%]?=)$/.test(operator)) {
      at += 2;
      const right = assignment();
      const value = operator === '=' ? right : apply(operator.slice(0, -1), numberOf(name), right);
      variables.set(name, String(value));
      return value;
    }
    return conditional();
  };
  const conditional = (): number => {
    const condition = binary(0);
    if (next() !== '?') return condition;
    at += 1;
    const yes = assignment();
    if (next() !== ':') throw new ArithmeticError('arithmetic syntax error');
    at += 1;
    const no = assignment();
    return condition ? yes : no;
  };
  const binary = (level: number): number => {
    const operators = levels[level];
    if (!operators) return unary();
    let left = binary(level + 1);
    for (let operator = next(); operator !== undefined && operators.includes(operator); operator = next()) {
      at += 1;
      left = apply(operator, left, binary(level + 1));
    }
    return left;
  };
  const unary = (): number => {
    const token = next();
    at += 1;
    if (token === '-') return -unary();
    if (token === '+') return unary();
    if (token === '!') return unary() ? 0 : 1;
    if (token === '~') return ~unary();
    if (token === '(') {
      const value = assignment();
      if (next() !== ')') throw new ArithmeticError('arithmetic syntax error');
      at += 1;
      return value;
    }
    if (token === '++' || token === '--') {
      const name = next() ?? '';
      at += 1;
      const value = numberOf(name) + (token === '++' ? 1 : -1);
      variables.set(name, String(value));
      return value;
    }
    if (token !== undefined && /^\d/.test(token)) return Number.parseInt(token, token.startsWith('0') && token.length > 1 ? 8 : 10);
    if (token !== undefined && /^[A-Za-z_]/.test(token)) {
      const value = numberOf(token);
      if (next() === '++' || next() === '--') variables.set(token, String(value + (next() === '++' ? 1 : -1)));
      if (next() === '++' || next() === '--') at += 1;
      return value;
    }
    throw new ArithmeticError('arithmetic syntax error');
  };
  if (tokens.length === 0) return 0;
  const value = assignment();
  if (at < tokens.length) throw new ArithmeticError('arithmetic syntax error');
  return value;
}

function apply(operator: string, a: number, b: number): number {
  if ((operator === '/' || operator === '%') && b === 0) throw new ArithmeticError('divide by zero');
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return Math.trunc(a / b);
    case '%':
      return a % b;
    case '<<':
      return a << b;
    case '>>':
      return a >> b;
    case '&':
      return a & b;
    case '|':
      return a | b;
    case '^':
      return a ^ b;
    case '<':
      return Number(a < b);
    case '>':
      return Number(a > b);
    case '<=':
      return Number(a <= b);
    case '>=':
      return Number(a >= b);
    case '==':
      return Number(a === b);
    case '!=':
      return Number(a !== b);
    case '&&':
      return Number(a !== 0 && b !== 0);
    default:
      return Number(a !== 0 || b !== 0);
  }
}
