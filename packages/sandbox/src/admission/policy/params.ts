import type { KubeObject } from '@fairlead/kube/protocol';
import { type LabelSelector, matchesLabelSelector } from '@fairlead/kube/protocol';
import type { Api } from '../../api/api.js';
import { type Fields, fields, isSet, text } from '../../kinds/parts/values.js';
import { groupVersion } from '../../machinery/object.js';

/** The objects that a binding's expressions see as `params`: one run for each. Undefined: the policy has none. A text: why there are none. */
export function paramsOf(
  paramKind: { apiVersion: string; kind: string } | undefined,
  paramRef: unknown,
  namespace: string,
  api: Api,
): readonly (KubeObject | undefined)[] | string {
  if (!paramKind) return [undefined];
  const definition = api.registry
    .all()
    .find((each) => each.kind === paramKind.kind && groupVersion(each.group, each.version) === paramKind.apiVersion);
  if (!definition) return `failed to find resource referenced by paramKind: '${shownKind(paramKind)}'`;
  // Without a reference params is null.
  if (!isSet(paramRef)) return [undefined];
  const ref: Fields = fields(paramRef);
  const home = definition.namespaced ? text(ref.namespace) || namespace : '';
  if (definition.namespaced && home === '') {
    return 'cannot use namespaced paramRef in policy binding that matches cluster-scoped resources';
  }
  const found =
    text(ref.name) !== '' ? [api.get(definition.storage, home, text(ref.name))] : selected(api, definition.storage, home, ref.selector);
  const present = found.filter((each) => each !== undefined);
  if (present.length > 0 || ref.parameterNotFoundAction === 'Allow') return present;
  return 'no params found for policy binding with `Deny` parameterNotFoundAction';
}

const selected = (api: Api, resource: string, namespace: string, selector: unknown): readonly KubeObject[] =>
  api
    .list(resource, namespace === '' ? undefined : namespace)
    .filter(({ metadata }) => matchesLabelSelector(selector as LabelSelector, metadata.labels));

function shownKind({ apiVersion, kind }: { apiVersion: string; kind: string }): string {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  return `${group}/${version}, Kind=${kind}`;
}
