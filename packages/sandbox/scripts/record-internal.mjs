// Records the fields of the API server's own structs, which it prints in some refusals: node record-internal.mjs KUBERNETES-SOURCE
// (the module k8s.io/kubernetes in a Go module cache).
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

const roots = ['PodTemplateSpec', 'PersistentVolumeClaimSpec', 'PersistentVolumeSource', 'VolumeNodeAffinity', 'EphemeralContainer'];

const source = readFileSync(join(process.argv[2], 'pkg/apis/core/types.go'), 'utf8');
const structs = new Map();
for (const [, name, body] of source.matchAll(/^type (\w+) struct \{\n([\s\S]*?)^\}/gm)) {
  const fields = [];
  for (const line of body.split('\n')) {
    const [code] = line.split('//');
    const found = /^\s*([\w.]+)(?:\s+(\S+))?\s*$/.exec(code);
    if (found) fields.push(found[2] ? `${found[1]}:${found[2]}` : `:${found[1]}`);
  }
  structs.set(name, fields);
}

const reached = {};
const reach = (name) => {
  const fields = structs.get(name);
  if (!fields || name in reached) return;
  reached[name] = fields.join(' ');
  for (const field of fields)
    reach(
      field
        .split(':')[1]
        .replace(/^\*|^\[\]/g, '')
        .replace(/^\*/, ''),
    );
};
for (const root of roots) reach(root);
const text = JSON.stringify(reached);
const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: text.length } };
writeFileSync(new URL('../data/internal.json.br', import.meta.url), brotliCompressSync(text, quality));
