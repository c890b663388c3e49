import type { KubeObject } from '@fairlead/kube/protocol';
import type { ServiceAccountTokens } from '../../access/tokens/service-account-tokens.js';
import type { ResourceDefinition } from '../../registry/definition.js';
import { define } from '../parts/define.js';
import { since } from '../parts/human-duration.js';
import { items, list, text } from '../parts/values.js';
import { requestToken } from './token-request.js';

const mountable = 'kubernetes.io/enforce-mountable-secrets';

export const serviceAccounts = (tokens: ServiceAccountTokens): ResourceDefinition =>
  define({
    resource: 'serviceaccounts',
    kind: 'ServiceAccount',
    shortNames: ['sa'],
    hasGeneration: false,
    prepareForCreate: onlyNamesOfSecrets,
    prepareForUpdate: onlyNamesOfSecrets,
    warnings: ({ metadata }, old) =>
      metadata.annotations?.[mountable] === undefined || old?.metadata.annotations?.[mountable] !== undefined
        ? []
        : [`metadata.annotations[${mountable}]: deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets`],
    subresources: {
      token: {
        type: 'act',
        kind: { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest' },
        act: (account, request, context) => ({ code: 201, object: requestToken(tokens, account, request, context) }),
      },
    },
    cells: ({ metadata, secrets }, now) => [metadata.name, list(secrets).length, since(metadata.creationTimestamp, now)],
  });

function onlyNamesOfSecrets(account: KubeObject): void {
  if (Array.isArray(account.secrets)) account.secrets = items(account.secrets).map(({ name }) => ({ name: text(name) }));
}
