// A program of ours as a few files instead of hundreds or thousands: Node finds and compiles those in half the time.
import path from 'node:path';
import { rolldown } from 'rolldown';
import { fromRoot } from './paths.mjs';

/** Native, loaded only when asked for, or a package that another would take if it were there. */
const external = [
  /^@node-rs\/argon2/,
  /^@kubernetes\/client-node/,
  /^@nestjs\/(microservices|platform-express|platform-socket\.io)/,
  /^@fastify\/(multipart|static|view)/,
  /^class-(transformer|validator)/,
  /^pg-native/,
  /^bufferutil/,
  /^utf-8-validate/,
];

/** `src/main.ts` of a project, with the metadata of types that Nest injects by where its tsconfig asks for them. Paths from the root. @throws what rolldown could not resolve */
export async function bundle(project, file) {
  const build = await rolldown({
    input: fromRoot(project, 'src/main.ts'),
    tsconfig: fromRoot(project, 'tsconfig.json'),
    platform: 'node',
    external,
    logLevel: 'warn',
  });
  await build.write({
    dir: path.dirname(fromRoot(file)),
    format: 'esm',
    entryFileNames: path.basename(file),
    chunkFileNames: '[name]-[hash].mjs',
  });
  await build.close();
}
