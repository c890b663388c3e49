import { notInTheSandbox } from '../../machinery/api-error.js';
import type { ResourceDefinition } from '../../registry/definition.js';
import { define } from '../parts/define.js';
import { since } from '../parts/human-duration.js';
import { list } from '../parts/values.js';

/** There are none, and there can be none: the sandbox calls nobody. */
const webhooks = (kind: string): ResourceDefinition =>
  define({
    group: 'admissionregistration.k8s.io',
    resource: `${kind.toLowerCase()}s`,
    kind,
    namespaced: false,
    categories: ['api-extensions'],
    unconditionalUpdate: false,
    prepareForCreate: () => {
      throw notInTheSandbox('admission webhooks');
    },
    cells: ({ metadata, webhooks }, now) => [metadata.name, list(webhooks).length, since(metadata.creationTimestamp, now)],
  });

export const mutatingWebhookConfigurations = webhooks('MutatingWebhookConfiguration');
export const validatingWebhookConfigurations = webhooks('ValidatingWebhookConfiguration');
