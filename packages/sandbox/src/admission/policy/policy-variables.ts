import type { KubeObject } from '@fairlead/kube/protocol';
import { ruleResolver } from '../../access/rbac/rules.js';
import { groupsOf, userName } from '../../access/tokens/service-account-tokens.js';
import type { Api } from '../../api/api.js';
import { type Ask, Authorizer, fromJson, ResourceCheck, type Value, type Variables } from '../../cel/index.js';
import { namespaceType, requestType } from '../../kinds/admissionregistration/policy-environment.js';
import type { UserInfo } from '../../machinery/user.js';
import type { AdmissionRequest } from '../admission.js';

/** What every expression of every policy sees of one request. */
export function requestVariables(request: AdmissionRequest, api: Api): Variables {
  const { definition, namespace, object, oldObject } = request;
  const isNamespace = definition.group === '' && definition.resource === 'namespaces';
  const home = namespace === '' || isNamespace ? undefined : api.get('namespaces', '', namespace);
  const authorizer = new Authorizer(asks(request.user, api));
  const named = (given: KubeObject | undefined): Value => (given ? fromJson(given) : null);
  return {
    object: () => named(object),
    oldObject: () => named(oldObject),
    request: () => fromJson(requestFields(request), requestType),
    namespaceObject: () => (home ? fromJson(namespaceFields(home), namespaceType) : null),
    authorizer,
    'authorizer.requestResource': () =>
      new ResourceCheck(authorizer, {
        group: definition.group,
        resource: definition.resource,
        subresource: request.subresource,
        namespace,
        name: request.name,
      }),
  };
}

/** What is empty is left out, as Go leaves it out: asking for the name of an object that will get one is an error. */
function requestFields({ definition, subresource, namespace, name, operation, user, dryRun }: AdmissionRequest): object {
  const { group, version } = definition;
  // A namespace that is there is in itself; one that is made is not.
  const home = group === '' && definition.resource === 'namespaces' && operation !== 'CREATE' ? name : namespace;
  const kind = { group, version, kind: definition.kind };
  const resource = { group, version, resource: definition.resource };
  return {
    kind,
    resource,
    ...(subresource ? { subResource: subresource, requestSubResource: subresource } : {}),
    requestKind: kind,
    requestResource: resource,
    ...(name ? { name } : {}),
    ...(home ? { namespace: home } : {}),
    operation,
    userInfo: {
      ...(user.name ? { username: user.name } : {}),
      ...(user.uid ? { uid: user.uid } : {}),
      ...(user.groups.length > 0 ? { groups: user.groups } : {}),
      ...(user.extra && Object.keys(user.extra).length > 0 ? { extra: user.extra } : {}),
    },
    dryRun,
    options: { kind: optionsKinds[operation], apiVersion: 'meta.k8s.io/v1' },
  };
}

const optionsKinds = { CREATE: 'CreateOptions', UPDATE: 'UpdateOptions', DELETE: 'DeleteOptions', CONNECT: 'ConnectOptions' } as const;

function namespaceFields({ metadata, spec, status }: KubeObject): object {
  const { ownerReferences: _, managedFields: __, uid: ___, ...shown } = metadata;
  return { metadata: shown, spec, status };
}

function asks(sender: UserInfo, api: Api): Ask {
  return ({ serviceAccount, path, group, ...rest }) => {
    const user: UserInfo = serviceAccount
      ? {
          name: userName(serviceAccount.namespace, serviceAccount.name),
          groups: [...groupsOf(serviceAccount.namespace), 'system:authenticated'],
        }
      : sender;
    return ruleResolver(api).authorize(user, {
      ...rest,
      isResourceRequest: path === undefined,
      path: path ?? '',
      apiGroup: group,
      apiVersion: '*',
    });
  };
}
