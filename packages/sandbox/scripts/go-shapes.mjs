import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * How the API's Go types print themselves, which no OpenAPI document tells: for each type its JSON fields in their order, each with `*` for a
 * pointer, `?` for omitempty, `0` for omitzero, and its type where that has a name of its own and is no struct (`dnsPolicy:?:v1.DNSPolicy`). Read from the sources that a Go module cache holds; `modules` are `path@version`.
 */
export function goShapes(modules) {
  const cache = execFileSync('go', ['env', 'GOMODCACHE'], { encoding: 'utf8' }).trim();
  const types = new Map();
  for (const module of modules) collect(join(cache, module), module.replace(/@.*/, ''), types);
  const shapes = {};
  for (const [name, { fields }] of types) shapes[componentName(name)] = inlined(fields, types);
  return shapes;
}

/** `k8s.io/api/apps/v1.Deployment` is `io.k8s.api.apps.v1.Deployment` in OpenAPI. */
function componentName(name) {
  const [host, ...rest] = name.split('/');
  return [...host.split('.').reverse(), ...rest].join('.');
}

function collect(folder, importPath, types) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory() && entry.name !== 'testdata') collect(join(folder, entry.name), `${importPath}/${entry.name}`, types);
    const isSource = entry.isFile() && entry.name.endsWith('.go') && !entry.name.endsWith('_test.go') && !entry.name.startsWith('zz_');
    if (isSource) readSource(readFileSync(join(folder, entry.name), 'utf8'), importPath, types);
  }
}

function readSource(source, importPath, types) {
  const imports = new Map();
  for (const [, alias, path] of source.matchAll(/^\s*(?:import\s+)?(\w+)?\s*"([^"]+)"$/gm))
    imports.set(alias ?? path.split('/').at(-1), path);
  for (const [, name, body] of source.matchAll(/^type (\w+) struct \{\n([\s\S]*?)^\}/gm)) {
    const fields = [];
    for (const line of body.split('\n')) {
      const found = /^\s*(?:(\w+)\s+)?(\S+)\s+`.*?json:"([^"]*)"/.exec(line);
      if (!found) continue;
      const [, field, type, tag] = found;
      const [json, ...options] = tag.split(',');
      if (json === '-') continue;
      const isInline = options.includes('inline') || (!field && json === '');
      if (isInline) fields.push({ inline: qualified(type.replace(/^\*/, ''), importPath, imports) });
      else
        fields.push({
          name: json,
          flags: `${type.startsWith('*') ? '*' : ''}${options.includes('omitempty') ? '?' : ''}${options.includes('omitzero') ? '0' : ''}`,
          type: { text: type.replace(/^\*/, ''), importPath, imports },
        });
    }
    types.set(`${importPath}.${name}`, { fields });
  }
}

function qualified(type, importPath, imports) {
  const [first, second] = type.split('.');
  return second ? `${imports.get(first) ?? first}.${second}` : `${importPath}.${first}`;
}

function inlined(fields, types) {
  return fields.flatMap(({ inline, name, flags, type }) => {
    if (!inline) {
      const alias = aliasOf(type, types);
      return [`${name}${flags || alias ? `:${flags}` : ''}${alias ? `:${alias}` : ''}`];
    }
    const inner = types.get(inline);
    return inner ? inlined(inner.fields, types) : [];
  });
}

const builtIn = new Set(['string', 'bool', 'int', 'int32', 'int64', 'float64', 'byte', 'uint8']);

/** A type with a name that OpenAPI does not know: `v1.DNSPolicy`, `[]v1.PersistentVolumeAccessMode`, `v1.ResourceList`. */
function aliasOf({ text, importPath, imports }, types) {
  const [, prefix, name] = /^((?:\[\]|map\[\w+\])*)(?:\*)?([\w.]+)$/.exec(text) ?? [];
  if (!name || builtIn.has(name)) return '';
  const whole = qualified(name, importPath, imports);
  return types.has(whole) ? '' : `${prefix}${whole.split('/').at(-1)}`;
}
