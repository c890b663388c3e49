import { type Html, html, prose } from './html.js';
import type { OpenApi, Operation, Parameter } from './openapi.js';
import { linesTable, meaning, schemaTable, typeWords } from './schema-table.js';
import type { JsonSchema } from './schemas.js';

interface Entry {
  method: string;
  path: string;
  operation: Operation;
}

/** The OpenAPI document as one page for people: no script, no outside file. `origin` stands in its examples. */
export function docsPage(api: OpenApi, origin: string): string {
  const entries = Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): Entry => ({ method: method.toUpperCase(), path, operation })),
  );
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Fairlead API</title>
<style>${style}</style>
</head>
<body>
<nav aria-label="Features"><a class="home" href="/">Fairlead</a>${api.tags.map(({ name }) => html`<a href="#feature-${name}">${name}</a>`)}<a href="#schemas">schemas</a></nav>
<main>
<h1>Fairlead API</h1>
<p>${prose(api.info.description)} The same as <a href="/api/v1/openapi.json">OpenAPI 3.1</a>.</p>
<p>Authenticate with <code>Authorization: Bearer &lt;token&gt;</code>; tokens are made on the profile page or by <a href="#tokens.create"><code>POST /tokens</code></a>.
Kubernetes itself is at <code>/k8s/&lt;cluster&gt;/</code> with the same token.</p>
${api.tags.map(
  ({ name }) => html`<section aria-labelledby="feature-${name}"><h2 id="feature-${name}">${name}</h2>
${entries.filter(({ operation }) => operation.tags.includes(name)).map((entry) => operationPart(entry, origin))}</section>`,
)}
<section aria-labelledby="schemas"><h2 id="schemas">Schemas</h2>
${Object.entries(api.components.schemas)
  .sort(([a], [b]) => a.localeCompare(b))
  .map(([name, schema]) => html`<article id="${name}"><h3>${name}</h3>${schemaTable(schema)}</article>`)}</section>
</main>
</body>
</html>
`;
  return page.markup;
}

function operationPart({ method, path, operation }: Entry, origin: string): Html {
  const { parameters = [], requestBody } = operation;
  const body = requestBody?.content['application/json']?.schema;
  return html`<article id="${operation.operationId}">
<h3><span class="method">${method}</span> <code>/api/v1${path}</code></h3>
<p>${prose(operation.summary)} <small>${prose(operation.description)}</small></p>
${parameters.length > 0 && html`<h4>Parameters</h4>${linesTable(parameters.map(parameterLine))}`}
${body && html`<h4>Body</h4>${schemaTable(body)}`}
${Object.entries(operation.responses).map(([status, answer]) => status !== 'default' && 'description' in answer && answerPart(status, answer.content))}
<details><summary>With curl</summary><pre>${curl(method, `${origin}/api/v1${path}`, operation, body)}</pre></details>
</article>`;
}

function answerPart(status: string, content: Record<string, { schema: JsonSchema }> | undefined): Html {
  const [type, it] = Object.entries(content ?? {})[0] ?? [];
  return html`<h4>Answer ${status}${type && type !== 'application/json' ? html` <code>${type}</code>` : null}</h4>
${it ? schemaTable(it.schema) : html`<p>No body.</p>`}`;
}

const parameterLine = (parameter: Parameter) => ({
  name: parameter.name,
  type: html`${typeWords(parameter.schema)} in ${parameter.in}`,
  required: parameter.required,
  text: meaning({ ...parameter.schema, ...(parameter.description && { description: parameter.description }) }),
});

function curl(method: string, url: string, { security, parameters = [] }: Operation, body: JsonSchema | undefined): string {
  const lines = [
    `curl${method === 'GET' ? '' : ` -X ${method}`} '${url.replace(/\{(\w+)\}/g, '<$1>')}'`,
    ...(security.length > 0 ? [`-H "Authorization: Bearer $FAIRLEAD_TOKEN"`] : []),
    ...parameters.filter((parameter) => parameter.in === 'header').map(({ name }) => `-H '${name}: "<revision>"'`),
    ...(body ? [`-H 'Content-Type: application/json'`, `-d '${JSON.stringify(exampleOf(body))}'`] : []),
  ];
  return lines.join(' \\\n  ');
}

/** The smallest body that shows what must be given. */
function exampleOf(schema: JsonSchema): unknown {
  const one = schema.oneOf?.[0] ?? schema.anyOf?.[0];
  if (one) return exampleOf(one);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  if (schema.properties) {
    const shown = schema.required?.length ? schema.required : Object.keys(schema.properties).slice(0, 1);
    return Object.fromEntries(shown.map((name) => [name, exampleOf(schema.properties?.[name] ?? {})]));
  }
  if (schema.items) return [exampleOf(schema.items)];
  if (schema.type === 'integer' || schema.type === 'number') return schema.minimum ?? 1;
  if (schema.type === 'boolean') return true;
  return schema.type === 'object' || schema.$ref ? {} : '…';
}

const style = `
:root { color-scheme: light dark; --text: #1b1f24; --dim: #57606a; --back: #ffffff; --panel: #f6f8fa; --line: #d0d7de; --accent: #0b5cad; }
@media (prefers-color-scheme: dark) { :root { --text: #e6e9ed; --dim: #9aa4af; --back: #101418; --panel: #181d23; --line: #303842; --accent: #79b8ff; } }
* { box-sizing: border-box; }
body { margin: 0; color: var(--text); background: var(--back); font: 15px/1.55 system-ui, sans-serif; }
nav { position: sticky; top: 0; display: flex; gap: 1rem; overflow-x: auto; padding: .6rem 1rem; background: var(--panel); border-bottom: 1px solid var(--line); }
nav .home { font-weight: 600; }
main { max-width: 60rem; margin: 0 auto; padding: 1rem; }
h1, h2, h3 { line-height: 1.25; } h2 { margin-top: 3rem; text-transform: capitalize; } h3 { margin: 0; font-size: 1rem; overflow-wrap: anywhere; } h4 { margin: 1rem 0 .3rem; }
h2, article { scroll-margin-top: 3.5rem; }
article { margin: 1rem 0; padding: 1rem; border: 1px solid var(--line); border-radius: 8px; overflow-x: auto; }
a { color: var(--accent); } small { color: var(--dim); display: block; }
code, pre, .method { font-family: ui-monospace, monospace; font-size: .92em; } .method { font-weight: 700; }
pre { padding: .75rem; background: var(--panel); overflow-x: auto; border-radius: 6px; }
table { border-collapse: collapse; width: 100%; } th { text-align: left; } th, td { padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
`;
