import { type Html, html, prose } from './html.js';
import { componentName, type JsonSchema } from './schemas.js';

interface Line {
  name: string;
  type: Html;
  required: boolean;
  text: string;
}

/** A schema as a table of its fields, nested ones by their path (`items[].name`); a component is named, and linked. */
export function schemaTable(schema: JsonSchema): Html {
  if (!hasFields(schema)) return html`<p>${typeWords(schema)}${schema.description ? html` – ${prose(schema.description)}` : null}</p>`;
  return linesTable(linesOf(schema, '', true));
}

export function linesTable(lines: readonly Line[]): Html {
  return html`<table>
<tr><th scope="col">Field</th><th scope="col">Type</th><th scope="col">Meaning</th></tr>
${lines.map((line) => html`<tr><td><code>${line.name}</code>${line.required ? html` <b title="must be given">*</b>` : null}</td><td>${line.type}</td><td>${prose(line.text)}</td></tr>\n`)}</table>`;
}

const hasFields = (schema: JsonSchema): boolean => Boolean(schema.properties || schema.oneOf || (schema.items && hasFields(schema.items)));

function linesOf(schema: JsonSchema, prefix: string, required: boolean): Line[] {
  if (schema.items && hasFields(schema.items)) return linesOf(schema.items, `${prefix}[]`, required);
  if (schema.oneOf) return schema.oneOf.flatMap((one, i) => [caseLine(one, i, prefix), ...linesOf(one, prefix, required)]);
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]): Line[] => {
    const path = prefix ? `${prefix}.${name}` : name;
    const line = {
      name: path,
      type: typeWords(field),
      required: required && (schema.required?.includes(name) ?? false),
      text: meaning(field),
    };
    const inner = withoutNull(field);
    return hasFields(inner) ? [line, ...linesOf(inner, path, true)] : [line];
  });
}

function caseLine(schema: JsonSchema, index: number, prefix: string): Line {
  const told = Object.entries(schema.properties ?? {}).find(([, field]) => field.const !== undefined);
  const type = schema.$ref ? typeWords(schema) : html`${index === 0 ? 'either' : 'or'}`;
  const text = told ? `with \`${told[0]}\` = \`${String(told[1].const)}\`:` : '';
  return { name: prefix || '(body)', type, required: false, text };
}

export function typeWords(schema: JsonSchema): Html {
  if (schema.$ref) return html`<a href="#${componentName(schema.$ref)}">${componentName(schema.$ref)}</a>`;
  if (schema.const !== undefined) return html`<code>${JSON.stringify(schema.const)}</code>`;
  if (schema.enum) return html`${schema.enum.map((value, i) => html`${i > 0 ? ' | ' : ''}<code>${JSON.stringify(value)}</code>`)}`;
  const union = schema.anyOf ?? schema.oneOf;
  if (union) return html`${union.map((one, i) => html`${i > 0 ? ' | ' : ''}${typeWords(one)}`)}`;
  if (schema.items) return html`list of ${typeWords(schema.items)}`;
  if (typeof schema.additionalProperties === 'object') return html`map of ${typeWords(schema.additionalProperties)}`;
  if (schema.format) return html`${String(schema.format)}`;
  const { type = 'any' } = schema;
  return html`${Array.isArray(type) ? type.join(' | ') : type}`;
}

function withoutNull(schema: JsonSchema): JsonSchema {
  const rest = schema.anyOf?.filter((one) => one.type !== 'null');
  return rest?.length === 1 ? rest[0]! : schema;
}

/** Description, default and limits in words. */
export function meaning(schema: JsonSchema): string {
  const limits = [
    schema.minimum !== undefined && schema.maximum !== undefined ? `${String(schema.minimum)} to ${String(schema.maximum)}.` : '',
    schema.maxLength !== undefined ? `At most ${String(schema.maxLength)} characters.` : '',
    schema.maxItems !== undefined ? `At most ${String(schema.maxItems)}.` : '',
    schema.default !== undefined ? `Default: \`${JSON.stringify(schema.default)}\`.` : '',
  ];
  return [schema.description ?? '', ...limits].filter(Boolean).join(' ');
}
