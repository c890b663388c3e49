import { isRecord, withQuery } from '@fairlead/kube';

/** The list of namespaces as the cluster shows it to Fairlead's observer, cut down to those that the caller has a role in: kubectl's own columns stay. */

type Visible = (name: string) => boolean;

const passed = [
  'labelSelector',
  'fieldSelector',
  'resourceVersion',
  'resourceVersionMatch',
  'watch',
  'timeoutSeconds',
  'allowWatchBookmarks',
  'sendInitialEvents',
  'includeObject',
];

export function namespacesPath(params: ReadonlyMap<string, readonly string[]>): string {
  const query: Record<string, string> = {};
  for (const key of passed) {
    const value = params.get(key)?.[0];
    if (value !== undefined) query[key] = value;
  }
  return withQuery('/api/v1/namespaces', query);
}

/** Which of the forms that can be cut down the client likes best. Protobuf is not one of them; every client reads JSON. */
export function wantedForm(accept: string | undefined): string {
  const known = (accept ?? '').split(',').map((each) => each.replaceAll(' ', '').toLowerCase());
  const form = known.find(
    (each) =>
      /^application\/json;as=(table|partialobjectmetadatalist);v=v1;g=meta\.k8s\.io$/.test(each.replace(/;q=[0-9.]+$/, '')) ||
      /^application\/json$/.test(each),
  );
  if (form?.includes('as=table')) return 'application/json;as=Table;v=v1;g=meta.k8s.io';
  if (form?.includes('as=partial')) return 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io';
  return 'application/json';
}

/** @throws TypeError for an answer that is no list */
export function visibleList(list: unknown, visible: Visible): object {
  if (!isRecord(list)) throw new TypeError('not a list of namespaces');
  const key = list.kind === 'Table' ? 'rows' : 'items';
  const entries = list[key];
  if (!Array.isArray(entries) && entries !== null) throw new TypeError('not a list of namespaces');
  return {
    ...list,
    [key]: (entries ?? []).filter((each: unknown) => visible(nameOf(key === 'rows' && isRecord(each) ? each.object : each))),
  };
}

/** Cuts a watch down, event by event. Only the first table of a watch names the columns: it is remembered for the first that is let through. */
export class VisibleEvents {
  private columns: unknown;
  private rest = '';
  private readonly decoder = new TextDecoder();

  constructor(private readonly visible: Visible) {}

  /** Whole lines that may be passed on. @throws TypeError, SyntaxError */
  push(chunk: Uint8Array): string {
    const lines = `${this.rest}${this.decoder.decode(chunk, { stream: true })}`.split('\n');
    this.rest = lines.pop() ?? '';
    return lines.map((line) => (line === '' ? '' : this.event(line))).join('');
  }

  private event(line: string): string {
    const event: unknown = JSON.parse(line);
    if (!isRecord(event) || !isRecord(event.object)) throw new TypeError('not a watch event');
    const { type, object } = event;
    if (type === 'ERROR' || type === 'BOOKMARK') return `${line}\n`;
    if (object.kind !== 'Table') return this.visible(nameOf(object)) ? `${line}\n` : '';
    if (object.columnDefinitions) this.columns = object.columnDefinitions;
    const rows = Array.isArray(object.rows) ? object.rows.filter((row: unknown) => isRecord(row) && this.visible(nameOf(row.object))) : [];
    if (rows.length === 0) return '';
    const columnDefinitions = this.columns;
    this.columns = null;
    return `${JSON.stringify({ type, object: { ...object, columnDefinitions, rows } })}\n`;
  }
}

const nameOf = (object: unknown): string =>
  isRecord(object) && isRecord(object.metadata) && typeof object.metadata.name === 'string' ? object.metadata.name : '';
