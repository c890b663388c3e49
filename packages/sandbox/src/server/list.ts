import type { KubeObject } from '@fairlead/kube/protocol';
import { status } from '@fairlead/kube/protocol';
import type { RequestApi } from '../api/create-api.js';
import { ApiError, badRequest, gone, invalid } from '../machinery/api-error.js';
import { type FieldError, forbiddenField, notSupported } from '../machinery/field-error.js';
import { groupVersion } from '../machinery/object.js';
import type { ResourceDefinition } from '../registry/definition.js';
import { continueExpired, decodeContinue, encodeContinue } from './continue-token.js';
import { booleanParam, type Exchange, integerParam, param } from './exchange.js';
import type { Accepted } from './negotiation.js';
import { partial } from './partial.js';
import { tooLargeResourceVersion } from './refusal.js';
import { everything, type Selection } from './selection.js';
import { type IncludeObject, table } from './table.js';
import { asListItem, inVersion } from './version-view.js';

export interface Page {
  items: readonly KubeObject[];
  metadata: { resourceVersion: string; continue?: string; remainingItemCount?: number };
}

/** One page of a list: consistent over all its pages, and as old or new as resourceVersion and its match ask for. */
export function listPage(
  api: RequestApi,
  definition: ResourceDefinition,
  namespace: string | undefined,
  selected: Selection,
  exchange: Pick<Exchange, 'target'>,
): Page {
  checkListOptions(exchange);
  checkNumbers(exchange);
  const limit = Math.max(integerParam(exchange, 'limit') ?? 0, 0);
  const token = param(exchange, 'continue') ?? '';
  const { revision, start } = token === '' ? { revision: wantedRevision(api, exchange), start: '' } : continued(api, token, exchange);
  const all = objectsAt(api, definition, namespace, revision, token === '' ? undefined : start);
  const matching = selected.everything ? all : all.filter((object) => selected.matches(object));
  const from = start === '' ? 0 : matching.findIndex((object) => keyOf(object) > start);
  const rest = from === -1 ? [] : from === 0 ? matching : matching.slice(from);
  const shownRevision = String(revision === -1 ? api.store.revision : revision);
  if (limit === 0 || rest.length <= limit) return { items: rest, metadata: { resourceVersion: shownRevision } };
  const items = rest.slice(0, limit);
  const last = items.at(-1);
  return {
    items,
    metadata: {
      resourceVersion: shownRevision,
      continue: encodeContinue({ revision: Number(shownRevision), start: last ? keyOf(last) : '' }),
      ...(selected === everything ? { remainingItemCount: rest.length - limit } : {}),
    },
  };
}

/** As a list, a Table or a list of metadata. */
export function listBody(
  definition: ResourceDefinition,
  { items, metadata }: Page,
  accepted: Accepted,
  now: number,
  include: IncludeObject,
): object {
  const objects = items.map((item) => inVersion(definition, item));
  switch (accepted.shape) {
    case 'Table':
      return table(definition, objects, metadata, { now, include });
    case 'PartialObjectMetadata':
    case 'PartialObjectMetadataList':
      return { kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1', metadata, items: objects.map(partial) };
    case 'as it is':
      return {
        kind: `${definition.kind}List`,
        apiVersion: groupVersion(definition.group, definition.version),
        metadata,
        items: objects.map((object) => asListItem(definition, object)),
      };
    default:
      return accepted.shape satisfies never;
  }
}

const keyOf = ({ metadata }: KubeObject): string => `${metadata.namespace ?? ''}/${metadata.name}`;

function objectsAt(
  api: RequestApi,
  definition: ResourceDefinition,
  namespace: string | undefined,
  revision: number,
  start: string | undefined,
) {
  if (definition.computed) return definition.computed.list(namespace);
  if (revision === -1 || revision === api.store.revision) return api.store.list(definition.storage, namespace);
  try {
    return api.store.listAt(definition.storage, namespace, revision);
  } catch (error) {
    if (!(error instanceof ApiError) || error.reason !== 'Expired') throw error;
    throw start === undefined ? gone('The resourceVersion for the provided list is too old.') : continueExpired(start);
  }
}

function continued(api: RequestApi, token: string, exchange: Pick<Exchange, 'target'>): { revision: number; start: string } {
  const version = param(exchange, 'resourceVersion') ?? '';
  if (version !== '' && version !== '0') throw badRequest('specifying resource version is not allowed when using continue');
  const decoded = decodeContinue(token);
  if (decoded.revision > api.store.revision) throw tooLargeResourceVersion(String(decoded.revision), api.store.revision);
  return decoded;
}

/** The revision whose state is shown. Without a wish, or with one that is satisfied by it, the newest. */
function wantedRevision(api: RequestApi, exchange: Pick<Exchange, 'target'>): number {
  const current = api.store.revision;
  const asked = param(exchange, 'resourceVersion') ?? '';
  if (asked === '' || asked === '0') return current;
  const revision = parseResourceVersion(asked);
  if (revision > current) throw tooLargeResourceVersion(asked, current);
  const match = param(exchange, 'resourceVersionMatch') ?? '';
  // The old way: a limit with a version and no match asks for exactly that version.
  const exact = match === 'Exact' || (match === '' && (integerParam(exchange, 'limit') ?? 0) > 0);
  return exact ? revision : current;
}

/** `code` is 500 for a watch: the API server has no better one there. */
export function parseResourceVersion(text: string, code: 400 | 500 = 400): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  const quoted = JSON.stringify(text);
  const problem = `resourceVersion: Invalid value: ${quoted}: strconv.ParseUint: parsing ${quoted}: invalid syntax`;
  throw code === 400 ? badRequest(`invalid resource version: ${problem}`) : new ApiError(status(500, '', problem));
}

/** Throws 400 for options that are no numbers. */
export function checkNumbers(exchange: Pick<Exchange, 'target'>): void {
  for (const name of ['limit', 'timeoutSeconds']) {
    const value = param(exchange, name);
    if (value && !/^[+-]?\d{1,18}$/.test(value)) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(value)}: invalid syntax`);
  }
}

/** ValidateListOptions for what is no watch. */
function checkListOptions(exchange: Pick<Exchange, 'target'>): void {
  const errors: FieldError[] = [];
  const field = 'resourceVersionMatch';
  const match = param(exchange, field) ?? '';
  const version = param(exchange, 'resourceVersion') ?? '';
  if (match !== '') {
    if (version === '') errors.push(forbiddenField(field, 'resourceVersionMatch is forbidden unless resourceVersion is provided'));
    if (param(exchange, 'continue')) errors.push(forbiddenField(field, 'resourceVersionMatch is forbidden when continue is provided'));
    if (match !== 'Exact' && match !== 'NotOlderThan') errors.push(notSupported(field, match, ['Exact', 'NotOlderThan', '']));
    if (match === 'Exact' && version === '0')
      errors.push(forbiddenField(field, 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"'));
  }
  if (booleanParam(exchange, 'sendInitialEvents') !== undefined)
    errors.push(forbiddenField('sendInitialEvents', 'sendInitialEvents is forbidden for list'));
  if (errors.length > 0) throw invalid({ group: 'meta.k8s.io', kind: 'ListOptions' }, '', errors);
}
