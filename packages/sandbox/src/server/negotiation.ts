import { protobufType } from './protobuf/decode.js';
import { noRepresentation, notAcceptable } from './refusal.js';

export type Shape = 'as it is' | 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList';

/** How an answer is to be written. */
export interface Accepted {
  format: 'json' | 'yaml' | 'protobuf';
  shape: Shape;
  pretty: boolean;
  /** All parameters of the clause that was chosen, for what is negotiated elsewhere (discovery). */
  parameters: Readonly<Record<string, string>>;
}

export const mediaTypes = ['application/json', 'application/yaml'] as const;
const metaGroup = 'meta.k8s.io';
const shapes: ReadonlySet<string> = new Set(['Table', 'PartialObjectMetadata', 'PartialObjectMetadataList']);

/**
 * The first clause that can be served, in the order of q and then of writing, as the API server's own negotiation does it. A conversion that is not known
 * is passed over. Protobuf is written (where the kind has a message) only for those who take nothing else: every other client takes JSON as well.
 */
export function negotiate(
  accept: string | undefined,
  may: (parameters: Readonly<Record<string, string>>) => boolean = isShape,
  inProtobuf: () => boolean = () => false,
): Accepted {
  const clauses = parse(accept?.trim() ? accept : '*/*');
  let spoken = false;
  for (const { type, parameters } of clauses) {
    const format = formats[type];
    if (!format) continue;
    spoken = true;
    if (parameters.as && !may(parameters)) continue;
    return { format, shape: shapeOf(parameters), pretty: parameters.pretty === '1', parameters };
  }
  const hasProtobuf = inProtobuf();
  const binary = hasProtobuf ? clauses.find(({ type, parameters }) => type === protobufType && mayInProtobuf(parameters, may)) : undefined;
  if (binary) return { format: 'protobuf', shape: shapeOf(binary.parameters), pretty: false, parameters: binary.parameters };
  const available = hasProtobuf ? [...mediaTypes, protobufType] : mediaTypes;
  throw spoken ? notAcceptable(available) : noRepresentation(available);
}

const shapeOf = ({ as }: Readonly<Record<string, string>>): Shape => (as && shapes.has(as) ? as : 'as it is') as Shape;

/** A Table has no message. */
const mayInProtobuf = (
  parameters: Readonly<Record<string, string>>,
  may: (parameters: Readonly<Record<string, string>>) => boolean,
): boolean => !parameters.as || (parameters.as !== 'Table' && may(parameters));

const formats: Readonly<Record<string, 'json' | 'yaml'>> = {
  'application/json': 'json',
  'application/yaml': 'yaml',
  'application/*': 'json',
  '*/*': 'json',
};

/** Which shapes a request may ask for: a list has another name for its metadata than one object or a watch. */
export const shapesOf =
  (what: 'object' | 'list') =>
  (parameters: Readonly<Record<string, string>>): boolean =>
    isShape(parameters) && parameters.as !== (what === 'list' ? 'PartialObjectMetadata' : 'PartialObjectMetadataList');

const isShape = ({ as, g, v }: Readonly<Record<string, string>>): boolean =>
  as !== undefined && shapes.has(as) && g === metaGroup && (v === 'v1' || v === 'v1beta1');

function parse(accept: string): { type: string; parameters: Record<string, string>; q: number }[] {
  const clauses = accept.split(',').map((clause) => {
    const [type = '', ...rest] = clause.split(';').map((part) => part.trim());
    const parameters: Record<string, string> = {};
    for (const part of rest) {
      const equals = part.indexOf('=');
      if (equals > 0) parameters[part.slice(0, equals).trim()] = part.slice(equals + 1).trim();
    }
    const q = Number(parameters.q ?? 1);
    return { type: type.toLowerCase(), parameters, q: Number.isNaN(q) ? 0 : q };
  });
  return clauses.filter(({ q }) => q > 0).sort((a, b) => b.q - a.q);
}
