import { toBytes } from '@fairlead/kube/protocol';
import type { Program } from '../machine/process.js';
import { flagsOf, simple } from './arguments.js';

/** π to so many digits (Machin's formula): the textbook's Job. */
export function pi(digits: number): string {
  const scale = 10n ** BigInt(digits + 10);
  const inverseTangent = (x: bigint): bigint => {
    let term = scale / x;
    let sum = term;
    for (let n = 3n, sign = -1n; term !== 0n; n += 2n, sign = -sign) {
      term /= x * x;
      sum += (sign * term) / n;
    }
    return sum;
  };
  const value = (4n * (4n * inverseTangent(5n) - inverseTangent(239n))) / 10n ** 10n;
  const text = String(value);
  return `${text[0]}.${text.slice(1)}`;
}

const perl: Program = function* (process) {
  const script = process.argv.at(-1) ?? '';
  const digits = /bpi\((\d+)\)/.exec(script)?.[1];
  if (digits === undefined) return 0;
  yield* process.sleep(Math.min(Number(digits) * 3, 20_000));
  process.write(`${pi(Math.min(Number(digits), 5000) - 1)}\n`);
  return 0;
};

/** `python -c`, `node -e` and their like: prints the plain texts that the line prints. Without a script they end at once. */
const oneLiner = simple((process) => {
  const { argv } = process;
  const script = argv[argv.findIndex((word) => word === '-c' || word === '-e' || word === '-r') + 1] ?? '';
  if (argv.includes('--version') || argv.includes('-V')) process.write(`${argv[0]} (pretended)\n`);
  for (const [, , text = ''] of script.matchAll(/(?:print|console\.log|puts|echo)\s*\(?\s*(["'])((?:(?!\1)[^\\]|\\.)*)\1/g))
    process.write(`${text}\n`);
  const code = /(?:sys\.exit|process\.exit|exit)\((\d+)\)/.exec(script)?.[1];
  return code === undefined ? 0 : Number(code);
});

/** stress and stress-ng: `--vm-bytes` takes memory, `--cpu` a core; `--timeout` ends it. */
const stress: Program = function* (process) {
  const { flags } = flagsOf(process.argv, 'cmt', ['cpu', 'vm', 'vm-bytes', 'vm-hang', 'timeout', 'io']);
  const workers = flags.get('vm') ?? flags.get('m');
  process.write(`stress: info: [1] dispatching hogs: ${flags.get('cpu') ?? flags.get('c') ?? 0} cpu, 0 io, ${workers ?? 0} vm, 0 hdd\n`);
  yield* process.sleep(500);
  if (workers !== undefined) {
    const bytes = toBytes(
      (flags.get('vm-bytes') ?? '256M').replace(/[bB]$/, '').replace(/[mgk]$/, (unit) => unit.toUpperCase().replace('K', 'k')),
    );
    process.machine.claimMemory(bytes * Number(workers), true);
    process.memory = bytes * Number(workers);
  }
  const limit = Number.parseFloat(flags.get('timeout') ?? flags.get('t') ?? 'Infinity') * 1000;
  const until = process.now + limit;
  while (process.now < until) {
    process.machine.burn(1000);
    yield* process.sleep(Math.min(1000, until - process.now));
  }
  process.write('stress: info: [1] successful run completed\n');
  return 0;
};

export const interpreterPrograms: Readonly<Record<string, Program>> = {
  perl,
  stress,
  'stress-ng': stress,
  python: oneLiner,
  python3: oneLiner,
  node: oneLiner,
  ruby: oneLiner,
  irb: oneLiner,
  php: oneLiner,
  jshell: oneLiner,
};
