import type { ResourceDefinition } from '../../registry/definition.js';
import { define } from '../parts/define.js';
import { since } from '../parts/human-duration.js';
import { fields, isFields, isSet, setEmpty, stringMap, text } from '../parts/values.js';

const sizeOf = (value: unknown): number => Object.keys(fields(value)).length;

export const configMaps: ResourceDefinition = define({
  resource: 'configmaps',
  kind: 'ConfigMap',
  shortNames: ['cm'],
  cells: ({ metadata, data, binaryData }, now) => [
    metadata.name,
    sizeOf(data) + sizeOf(binaryData),
    since(metadata.creationTimestamp, now),
  ],
});

export const secrets: ResourceDefinition = define({
  resource: 'secrets',
  kind: 'Secret',
  setDefaults(secret) {
    setEmpty(secret, 'type', 'Opaque');
    // stringData is only for writing: it goes into data.
    if (isSet(secret.stringData)) {
      const data = isFields(secret.data) ? secret.data : {};
      for (const [key, value] of Object.entries(stringMap(secret.stringData))) data[key] = Buffer.from(value).toString('base64');
      if (Object.keys(data).length > 0) secret.data = data;
      delete secret.stringData;
    }
  },
  selectableFields: { type: ({ type }) => text(type) },
  cells: ({ metadata, type, data }, now) => [metadata.name, text(type), sizeOf(data), since(metadata.creationTimestamp, now)],
});
