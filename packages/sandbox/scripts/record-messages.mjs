// Writes data/messages.json.br: how Kubernetes' built-in objects are numbered in protobuf, read from the published definitions of k8s.io/api and its like.
//     node packages/sandbox/scripts/record-messages.mjs "$(go env GOMODCACHE)/k8s.io" v0.34.4
// A message is a list of fields [number, name in JSON, type, flags]. Types: s(tring) i(nteger) b(oolean) y (bytes) d(ouble), or a message's name.
// Flags: r(epeated), m(ap from string), p(ointer: present even when zero), o(mitempty), n (inline: its fields are its parent's).
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

const [modules, version] = process.argv.slice(2);
if (!modules || !version) throw new Error('usage: record-messages.mjs MODULE_FOLDER VERSION');
const machinery = path.join(modules, `apimachinery@${version}`, 'pkg');
const folders = [
  ...[
    'core/v1',
    'apps/v1',
    'batch/v1',
    'networking/v1',
    'policy/v1',
    'autoscaling/v1',
    'autoscaling/v2',
    'rbac/v1',
    'storage/v1',
    'scheduling/v1',
  ],
  ...[
    'coordination/v1',
    'discovery/v1',
    'events/v1',
    'authentication/v1',
    'authorization/v1',
    'admissionregistration/v1',
    'certificates/v1',
  ],
].map((each) => [`k8s.io.api.${each.replace('/', '.')}`, path.join(modules, `api@${version}`, each)]);
folders.push(
  ['k8s.io.apimachinery.pkg.apis.meta.v1', path.join(machinery, 'apis/meta/v1')],
  ['k8s.io.apimachinery.pkg.runtime', path.join(machinery, 'runtime')],
  ['k8s.io.apimachinery.pkg.util.intstr', path.join(machinery, 'util/intstr')],
  ['k8s.io.apimachinery.pkg.api.resource', path.join(machinery, 'api/resource')],
  [
    'k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1',
    path.join(modules, `apiextensions-apiserver@${version}`, 'pkg/apis/apiextensions/v1'),
  ],
);
const scalars = { string: 's', int32: 'i', int64: 'i', uint32: 'i', uint64: 'i', bool: 'b', bytes: 'y', double: 'd' };

const messages = {};
for (const [name, folder] of folders) {
  const tags = readTags(folder);
  const text = readFileSync(path.join(folder, 'generated.proto'), 'utf8').replace(/\/\/.*$/gm, '');
  for (const [, message, body] of text.matchAll(/^message (\w+) \{([\s\S]*?)^\}/gm)) {
    messages[`${name}.${message}`] = [...body.matchAll(/^\s*(optional|repeated|map<string, ([^>]+)>) ?(\S+)? (\w+) = (\d+);/gm)].map(
      ([, label, mapped, type, field, number]) => {
        const tag = tags[`${message}.${field}`] ?? { json: field, flags: '' };
        const flags = `${label === 'repeated' ? 'r' : ''}${mapped ? 'm' : ''}${tag.flags}`;
        return [Number(number), tag.json, typeName(mapped ?? type, name), flags];
      },
    );
  }
}
const packed = brotliCompressSync(JSON.stringify(messages), { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
writeFileSync(new URL('../data/messages.json.br', import.meta.url), packed);
console.log(`${Object.keys(messages).length} messages, ${packed.length} bytes`);

function typeName(type, own) {
  if (scalars[type]) return scalars[type];
  return type.startsWith('.') ? type.slice(1) : type.includes('.') ? type : `${own}.${type}`;
}

/** `Struct.protoName` → its name in JSON, whether it is a pointer, omitted when empty, inline: from the tags of the Go types. */
function readTags(folder) {
  const found = {};
  for (const file of readdirSync(folder).filter(
    (each) => each.endsWith('.go') && !each.includes('generated') && !each.endsWith('_test.go'),
  )) {
    const text = readFileSync(path.join(folder, file), 'utf8');
    for (const [, struct, body] of text.matchAll(/^type (\w+) struct \{([\s\S]*?)^\}/gm))
      for (const [, type, json, options, name] of body.matchAll(
        /^\s*(?:\w+\s+)?(\S+)\s+`json:"([^",]*)([^"]*)"[^`]*protobuf:"[^"]*name=(\w+)[^"]*"/gm,
      ))
        found[`${struct}.${name}`] = {
          json: json || name,
          flags: `${type.startsWith('*') ? 'p' : ''}${options.includes('omitempty') ? 'o' : ''}${options.includes('inline') ? 'n' : ''}`,
        };
  }
  return found;
}
