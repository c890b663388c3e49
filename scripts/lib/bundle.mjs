// The API as a few files instead of some two thousand: Node finds and compiles those in half the time.
import { rmSync } from 'node:fs';
import path from 'node:path';
import { rolldown } from 'rolldown';
import { fromRoot } from './paths.mjs';

/** Native, loaded only when asked for, or a package that Nest would take if it were there. */
const external = [
  /^@node-rs\/argon2/,
  /^@kubernetes\/client-node/,
  /^@nestjs\/(microservices|platform-express|platform-socket\.io)/,
  /^@fastify\/(multipart|static|view)/,
  /^class-(transformer|validator)/,
  /^pg-native/,
];

/** From what the compiler wrote, which keeps the types that Nest injects by. @throws what rolldown could not resolve */
export async function bundleApi(file) {
  const folder = path.dirname(file);
  rmSync(folder, { recursive: true, force: true });
  const build = await rolldown({ input: fromRoot('apps/api/dist/main.js'), platform: 'node', external, logLevel: 'warn' });
  await build.write({ dir: folder, format: 'esm', entryFileNames: path.basename(file), chunkFileNames: '[name]-[hash].mjs' });
  await build.close();
}
