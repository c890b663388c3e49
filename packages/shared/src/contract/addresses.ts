import { z } from 'zod';
import { AppName, NamespaceName, Ref } from '../id.js';
import { route } from './route.js';

/** A name under which a new app could answer, before it is there. Nothing is reserved. */
export const ProposedAddress = z
  .object({
    host: z.string().nullable().describe('A host name that no route of the cluster has; null where no name is known to lead there.'),
    why: z.string().describe('Why this one, or why none.'),
    ingressClass: z
      .string()
      .nullable()
      .describe('The class to name, where the cluster has classes and none of them is the default; null: name none.'),
  })
  .meta({ id: 'ProposedAddress' });
export type ProposedAddress = z.infer<typeof ProposedAddress>;

export const proposeAddress = route({
  method: 'GET',
  path: '/projects/:project/address',
  action: 'apps.address',
  summary: 'A host name for a new app: beside those of the project, else one that leads to the cluster by itself.',
  access: { project: 'apps.create' },
  params: z.strictObject({ project: Ref }),
  query: z.strictObject({ cluster: Ref, namespace: NamespaceName, name: AppName }),
  response: ProposedAddress,
});
