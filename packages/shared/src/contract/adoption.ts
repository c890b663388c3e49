import { z } from 'zod';
import { NamespaceName, Ref } from '../id.js';
import { appRef, projectRef, Where } from './app.js';
import { route } from './route.js';

/** What lives in a namespace and could become an app: a workload, and what belongs to it by selector or reference. */
export const Adoptable = z
  .object({
    kind: z.string(),
    name: z.string(),
    owner: z.string().nullable().describe('Who else keeps it (a Helm release, Argo CD): it would put back what is changed here.'),
    images: z.array(z.string()),
    replicas: z.number().nullable(),
    objects: z.array(z.string()).describe('kind/name of each object that would be taken in.'),
    yaml: z.string().describe('The objects, for a spec of the kind `manifests`; create the app from it with `adopt`.'),
  })
  .meta({ id: 'Adoptable' });
export type Adoptable = z.infer<typeof Adoptable>;

export const listAdoptable = route({
  method: 'GET',
  path: '/projects/:project/adoptable',
  action: 'apps.adoptable',
  summary: 'Workloads of a namespace that no app has, each with the YAML that makes it one without a restart.',
  access: { project: 'apps.create' },
  params: projectRef,
  query: z.strictObject({ cluster: Ref, namespace: NamespaceName }),
  response: z.object({ items: z.array(Adoptable), next: z.null() }),
});

export const exportApp = route({
  method: 'GET',
  path: '/projects/:project/apps/:app/export',
  action: 'apps.export',
  summary: 'The objects of the revision that stands as plain YAML, without anything of Fairlead: for kubectl apply elsewhere.',
  access: { project: 'apps.read' },
  params: appRef,
  query: Where,
  produces: 'application/yaml',
});
