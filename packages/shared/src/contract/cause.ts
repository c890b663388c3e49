import { z } from 'zod';

/** One sentence of cause and the line that shows it. */
export const Cause = z.object({
  code: z.enum([
    'image-not-found',
    'registry-refused',
    'crash',
    'out-of-memory',
    'not-ready',
    'wrong-port',
    'liveness',
    'unschedulable',
    'volume-pending',
    'config-missing',
    'bad-command',
    'quota',
    'refused',
    'no-endpoints',
    'stuck',
    'other',
  ]),
  sentence: z.string(),
  evidence: z.string().nullable(),
  object: z.string().nullable().describe('kind/name of the object that shows it.'),
  since: z.string().nullable(),
});
export type Cause = z.infer<typeof Cause>;
