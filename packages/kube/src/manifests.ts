import { isRecord, type KubeObject } from './objects.js';
import { parseStrictYaml, YamlError } from './strict-yaml.js';

export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: KubeObject['metadata'];
  [field: string]: unknown;
}

/** Why a manifest is not taken: document and line count from 1; 0 where they are not known. Values are never quoted. */
export class ManifestError extends Error {
  override readonly name = 'ManifestError';

  constructor(
    message: string,
    readonly document: number,
    readonly line: number,
    readonly field?: string,
  ) {
    super(message);
  }
}

export const manifestLimits = { maxBytes: 1024 * 1024, maxDocuments: 200, maxTokens: 350_000 } as const;

/**
 * Kubernetes objects from YAML or JSON text: at most 1 MiB, 200 documents and 1,000 objects. Each has apiVersion, kind and metadata.name; Lists are
 * taken apart. Throws ManifestError. Nothing is known about fields beyond that: the API server judges them.
 */
export function parseManifests(text: string): Manifest[] {
  const found: Manifest[] = [];
  for (const document of readDocuments(text)) {
    const fail = (message: string, field: string, path: (string | number)[]): never => {
      throw new ManifestError(message, document.number, document.lineOf(path), field);
    };
    collect(document.value, '', [], found, fail);
  }
  return found;
}

type Fail = (message: string, field: string, path: (string | number)[]) => never;

function readDocuments(text: string) {
  try {
    return parseStrictYaml(text, manifestLimits);
  } catch (error) {
    if (error instanceof YamlError) throw new ManifestError(error.message, error.document, error.line, error.feature);
    throw error;
  }
}

function collect(value: unknown, at: string, path: (string | number)[], found: Manifest[], fail: Fail): void {
  if (!isRecord(value)) fail('not an object', at || '(document)', path);
  const where = (field: string): string => (at ? `${at}.${field}` : field);
  const { apiVersion, kind, metadata } = value;
  if (typeof apiVersion !== 'string' || apiVersion === '') fail('apiVersion is missing', where('apiVersion'), path);
  if (typeof kind !== 'string' || kind === '') fail('kind is missing', where('kind'), path);
  if (Array.isArray(value.items) && kind.endsWith('List')) {
    for (const [i, item] of value.items.entries()) collect(item, `${where('items')}[${i}]`, [...path, 'items', i], found, fail);
    return;
  }
  if (!isRecord(metadata)) fail('metadata is missing', where('metadata'), path);
  const { name, namespace } = metadata;
  if (typeof name !== 'string' || name === '') fail('metadata.name is missing', where('metadata.name'), [...path, 'metadata']);
  if (namespace !== undefined && typeof namespace !== 'string') {
    fail('metadata.namespace is not a string', where('metadata.namespace'), [...path, 'metadata', 'namespace']);
  }
  for (const key of ['labels', 'annotations'] as const) {
    const map = metadata[key];
    if (map === undefined || map === null) continue;
    const wrong = isRecord(map) ? Object.keys(map).find((each) => typeof map[each] !== 'string') : '';
    if (wrong !== undefined) {
      fail(`the values of metadata.${key} must be strings`, where(`metadata.${key}`), [
        ...path,
        'metadata',
        key,
        ...(wrong ? [wrong] : []),
      ]);
    }
  }
  if (found.length >= 1000) fail('more than 1000 objects', at, path);
  found.push({ ...value, apiVersion, kind, metadata: { ...metadata, name } });
}
