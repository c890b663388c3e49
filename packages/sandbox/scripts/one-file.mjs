// `node scripts/one-file.mjs`, after the compiler: dist/main.js becomes one file with everything in it, for Node takes longer to find 600 modules than to start a
// cluster. The compiler writes the plain one again. The bundler is the one that vitest brings.
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const ofVitest = createRequire(createRequire(import.meta.url).resolve('vitest/package.json'));
const { build } = await import(pathToFileURL(ofVitest.resolve('vite')).href);

await build({
  configFile: false,
  root: fileURLToPath(new URL('..', import.meta.url)),
  logLevel: 'warn',
  publicDir: false,
  ssr: { noExternal: true, target: 'node' },
  build: {
    ssr: main,
    target: 'node20',
    outDir: 'dist',
    emptyOutDir: false,
    minify: false,
    rollupOptions: { output: { entryFileNames: 'main.js', format: 'es' } },
  },
});
