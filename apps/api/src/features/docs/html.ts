/** Text that is markup already. Everything else put into `html` is escaped. */
export class Html {
  constructor(readonly markup: string) {}
}

type Part = Html | string | number | null | false | undefined | readonly Part[];

export function html(parts: TemplateStringsArray, ...values: Part[]): Html {
  return new Html(parts.reduce((text, part, i) => text + part + (i < values.length ? markupOf(values[i]) : ''), ''));
}

function markupOf(part: Part): string {
  if (part === null || part === undefined || part === false) return '';
  if (part instanceof Html) return part.markup;
  if (Array.isArray(part)) return part.map(markupOf).join('');
  return String(part).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}

/** Text in which `code` between back quotes is shown as such. */
export const prose = (text: string): Html => html`${text.split('`').map((part, i) => (i % 2 === 1 ? html`<code>${part}</code>` : part))}`;
