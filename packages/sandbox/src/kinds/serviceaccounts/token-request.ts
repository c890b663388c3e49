import type { KubeObject } from '@fairlead/kube/protocol';
import { type Bound, issuer, type ServiceAccountTokens } from '../../access/tokens/service-account-tokens.js';
import { badRequest, conflict, invalid, notFound } from '../../machinery/api-error.js';
import { timestamp } from '../../machinery/clock.js';
import { invalidValue } from '../../machinery/field-error.js';
import type { WriteContext } from '../../registry/definition.js';
import { type Fields, fields, isSet, number, strings, text } from '../parts/values.js';

const group = 'authentication.k8s.io';
const kind = 'TokenRequest';
const shortest = 600;
const longest = 2 ** 32;

/** serviceaccounts/token. @throws ApiError */
export function requestToken(tokens: ServiceAccountTokens, account: KubeObject, request: KubeObject, context: WriteContext): KubeObject {
  const { name, namespace = '', uid } = account.metadata;
  const metadata = fields(request.metadata);
  const refuse = (field: string, value: unknown, why: string, of: string): never => {
    throw invalid({ group, kind }, of, [invalidValue(field, value, why)]);
  };
  const spec = fields(request.spec);
  const seconds = isSet(spec.expirationSeconds) ? number(spec.expirationSeconds) : 3600;
  if (seconds < shortest) refuse('spec.expirationSeconds', seconds, 'may not specify a duration less than 10 minutes', '');
  if (seconds > longest) refuse('spec.expirationSeconds', seconds, 'may not specify a duration larger than 2^32 seconds', '');
  if (metadata.name && metadata.name !== name)
    refuse('metadata.name', metadata.name, 'must match the service account name if specified', name);
  if (metadata.namespace && metadata.namespace !== namespace)
    refuse('metadata.namespace', metadata.namespace, 'must match the service account namespace if specified', name);
  if (metadata.uid && metadata.uid !== uid) {
    const why = `the UID in the token request (${text(metadata.uid)}) does not match the UID of the service account (${uid})`;
    throw conflict({ group, resource: kind }, name, why);
  }
  const given = strings(spec.audiences);
  const audiences = given.length > 0 ? given : [issuer];
  const reference = isSet(spec.boundObjectRef) ? fields(spec.boundObjectRef) : undefined;
  const bound = reference ? boundTo(reference, account, context) : {};
  const token = tokens.issue(account, audiences, seconds, context.now, bound);
  return {
    kind,
    apiVersion: `${group}/v1`,
    metadata: { name, namespace, ...(uid ? { uid } : {}), creationTimestamp: timestamp(context.now) },
    spec: { audiences, expirationSeconds: seconds, boundObjectRef: reference ?? null },
    status: { token, expirationTimestamp: timestamp(context.now + seconds * 1000) },
  };
}

function boundTo(reference: Fields, account: KubeObject, { api }: WriteContext): Bound {
  const { name: owner, namespace = '' } = account.metadata;
  const [refKind, name, uid, version] = [reference.kind, reference.name, reference.uid, reference.apiVersion].map(text) as [
    string,
    string,
    string,
    string,
  ];
  const found = (resource: string, home: string): KubeObject => {
    const object = api.get(resource, home, name);
    if (!object) throw notFound({ group: '', resource }, name);
    return object;
  };
  const checked = (object: KubeObject): KubeObject => {
    if (uid === '' || uid === object.metadata.uid) return object;
    const why = `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`;
    throw conflict({ group: '', resource: refKind }, name, why);
  };
  if (version === 'v1' && refKind === 'Pod') {
    const pod = found('pods', namespace);
    const { serviceAccountName, nodeName } = fields(pod.spec);
    if (text(serviceAccountName) !== owner)
      throw badRequest(`cannot bind token for serviceaccount "${owner}" to pod running with different serviceaccount name.`);
    const node = nodeName ? (api.get('nodes', '', text(nodeName)) ?? { metadata: { name: text(nodeName) } }) : undefined;
    return { pod: checked(pod), ...(node ? { node } : {}) };
  }
  if (version === 'v1' && refKind === 'Node') return { node: checked(found('nodes', '')) };
  if (version === 'v1' && refKind === 'Secret') return { secret: checked(found('secrets', namespace)) };
  const [of, at] = version.includes('/') ? version.split('/') : ['', version];
  throw badRequest(`cannot bind token to object of type ${of}/${at}, Kind=${refKind}`);
}
