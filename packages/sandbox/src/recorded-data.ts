import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';

/** What a script in `scripts/` wrote down of a real API server, from `data/`. Beside main, for the whole of the sandbox may be built into one file. */
export const recordedData = <T>(name: 'api' | 'columns' | 'internal' | 'messages' | 'rbac'): T =>
  JSON.parse(brotliDecompressSync(readFileSync(new URL(`../data/${name}.json.br`, import.meta.url))).toString()) as T;
