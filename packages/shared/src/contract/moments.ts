import { z } from 'zod';
import { Id, NamespaceName, Ref, Timestamp } from '../id.js';
import { PageQuery, page, route } from './route.js';

export const momentKinds = [
  'pod-lost',
  'pod-replaced',
  'pod-healed',
  'container-crashed',
  'container-back',
  'serving',
  'failed',
  'drift',
  'corrected',
  'drill',
] as const;

/** Something that happened to an app. Losses, replacements and healings of one pod share their `subject`. */
export const Moment = z
  .object({
    id: Id,
    at: Timestamp,
    kind: z.enum(momentKinds),
    sentence: z.string(),
    subject: z.string().describe('What it is about: the lost pod’s uid, a revision, a drill.'),
    seconds: z.number().nullable().describe('From the loss to here; for a verdict from the click to the last pod ready.'),
    evidence: z.string().nullable().describe('The line that shows it, where there is one.'),
  })
  .meta({ id: 'Moment' });
export type Moment = z.infer<typeof Moment>;

export const listMoments = route({
  method: 'GET',
  path: '/projects/:project/apps/:app/moments',
  action: 'apps.moments',
  summary: 'Losses and repairs of an app’s pods, verdicts, drift and drills, newest first. Kept for 30 days.',
  access: { project: 'apps.read' },
  params: z.strictObject({ project: Ref, app: Ref }),
  query: PageQuery.extend({ cluster: Ref.optional(), namespace: NamespaceName.optional() }),
  response: page(Moment),
});
