import type { Change } from '../api/api.js';
import type { Controller, ControllerContext } from '../controllers/controller.js';
import { fields } from '../kinds/parts/values.js';
import type { Stored } from '../machinery/object.js';
import { controllerUser } from '../machinery/user.js';
import type { ServiceAccountTokens } from './tokens/service-account-tokens.js';

const kind = 'kubernetes.io/service-account-token';
const nameOfAccount = 'kubernetes.io/service-account.name';
const uidOfAccount = 'kubernetes.io/service-account.uid';
const writer = { user: controllerUser('tokens-controller'), fieldManager: 'kube-controller-manager' };

/** The tokens controller: fills Secrets of type kubernetes.io/service-account-token, and deletes them with their account. */
export function tokenSecrets({ api, rootCertificate = '' }: ControllerContext, tokens: ServiceAccountTokens): Controller {
  const keyOf = ({ metadata }: Stored): string => `${metadata.namespace}/${metadata.name}`;
  const isOurs = (secret: Stored): boolean => secret.type === kind;
  const ofAccount = ({ object }: Change): string[] =>
    api
      .list('secrets', object.metadata.namespace)
      .filter((secret) => isOurs(secret) && secret.metadata.annotations?.[nameOfAccount] === object.metadata.name)
      .map(keyOf);

  function reconcile(key: string): undefined {
    const [namespace = '', name = ''] = key.split('/');
    const secret = api.get('secrets', namespace, name);
    if (!secret || !isOurs(secret) || secret.metadata.deletionTimestamp) return;
    const { annotations = {} } = secret.metadata;
    const account = api.get('serviceaccounts', namespace, annotations[nameOfAccount] ?? '');
    const uid = annotations[uidOfAccount];
    if (!account || (uid && uid !== account.metadata.uid)) {
      api.delete('secrets', namespace, name, { ...writer, preconditions: { uid: secret.metadata.uid ?? '' } });
      return;
    }
    const data = fields(secret.data);
    if (data.token && data.namespace && data['ca.crt'] && uid) return;
    const put = (text: string): string => Buffer.from(text).toString('base64');
    api.change(
      'secrets',
      namespace,
      name,
      (next) => {
        next.metadata.annotations = { ...annotations, [uidOfAccount]: account.metadata.uid ?? '' };
        next.data = {
          ...data,
          ...(data['ca.crt'] ? {} : { 'ca.crt': put(rootCertificate) }),
          ...(data.namespace ? {} : { namespace: put(namespace) }),
          ...(data.token ? {} : { token: put(tokens.issueForSecret(account, name)) }),
        };
      },
      writer,
    );
  }

  return {
    name: 'serviceaccount-token',
    watches: {
      secrets: ({ object }) => (isOurs(object) ? [keyOf(object)] : []),
      // A Secret may wait for its account; an account takes its Secrets along.
      serviceaccounts: (change) => (change.type === 'MODIFIED' ? [] : ofAccount(change)),
    },
    initialKeys: () => api.list('secrets').filter(isOurs).map(keyOf),
    reconcile,
  };
}
