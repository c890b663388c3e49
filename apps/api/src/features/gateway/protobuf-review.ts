/**
 * Kubernetes' protobuf for reviews of oneself, which kubectl sends: an envelope (`k8s\0`, runtime.Unknown) around a message. Read as strictly as the JSON form: a
 * field that is not known here, or comes twice, makes it unreadable. Field numbers: k8s.io/api/authorization/v1/generated.proto.
 */

type Shape = { readonly [field: number]: string | { readonly name: string; readonly shape: Shape } | null };

const attributes: Shape = { 1: 'namespace', 2: 'verb', 3: 'group', 4: 'version', 5: 'resource', 6: 'subresource', 7: 'name' };
/** null: read over. A review's metadata and status mean nothing in a question. */
const shapes: Readonly<Record<string, Shape>> = {
  SelfSubjectAccessReview: {
    1: null,
    2: {
      name: 'spec',
      shape: {
        1: { name: 'resourceAttributes', shape: attributes },
        2: { name: 'nonResourceAttributes', shape: { 1: 'path', 2: 'verb' } },
      },
    },
    3: null,
  },
  SelfSubjectRulesReview: { 1: null, 2: { name: 'spec', shape: { 1: 'namespace' } }, 3: null },
};
const envelope: Shape = { 1: { name: 'type', shape: { 1: 'apiVersion', 2: 'kind' } }, 3: 'contentEncoding', 4: 'contentType' };
const magic = Buffer.from('k8s\0');
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The review as the object that its JSON form would be; undefined when it cannot be read. */
export function readProtobufReview(body: Uint8Array): object | undefined {
  if (!magic.equals(body.subarray(0, 4))) return undefined;
  try {
    const fields = fieldsOf(body.subarray(4));
    const raw = fields.get(2);
    fields.delete(2);
    const { type, contentEncoding } = message(fields, envelope) as {
      type?: { apiVersion?: string; kind?: string };
      contentEncoding?: string;
    };
    const shape = Object.hasOwn(shapes, type?.kind ?? '') ? shapes[type?.kind ?? ''] : undefined;
    if (!raw || !shape || type?.apiVersion !== 'authorization.k8s.io/v1' || contentEncoding) return undefined;
    return { ...type, ...message(fieldsOf(raw), shape) };
  } catch {
    return undefined;
  }
}

function message(fields: ReadonlyMap<number, Uint8Array>, shape: Shape): Record<string, unknown> {
  const read: Record<string, unknown> = {};
  for (const [number, bytes] of fields) {
    const field = shape[number];
    if (field === undefined) throw new TypeError('an unknown field');
    if (field === null) continue;
    if (typeof field === 'string') read[field] = utf8.decode(bytes);
    else read[field.name] = message(fieldsOf(bytes), field.shape);
  }
  return read;
}

/** Every field here is length-delimited. @throws TypeError */
function fieldsOf(bytes: Uint8Array): Map<number, Uint8Array> {
  const fields = new Map<number, Uint8Array>();
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = bytes[at++];
      if (byte === undefined) throw new TypeError('it breaks off');
      value |= (byte & 0x7f) << shift;
      if ((byte & 0x80) === 0) return value;
    }
    throw new TypeError('a number is too large');
  };
  while (at < bytes.length) {
    const key = varint();
    const length = varint();
    const end = at + length;
    if ((key & 7) !== 2 || end > bytes.length || fields.has(key >> 3)) throw new TypeError('not a field that is known');
    fields.set(key >> 3, bytes.subarray(at, end));
    at = end;
  }
  return fields;
}
