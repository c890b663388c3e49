import { z } from 'zod';
import { route } from './route.js';

const Check = z.object({ name: z.string(), ok: z.boolean(), message: z.string() });

export const healthLive = route({
  method: 'GET',
  path: '/health/live',
  action: 'health.live',
  summary: 'The process answers.',
  access: 'public',
  response: z.object({ status: z.literal('ok') }),
});

/** 200 when ready, 503 with the same body when not. */
export const healthReady = route({
  method: 'GET',
  path: '/health/ready',
  action: 'health.ready',
  summary: 'Database, audit log and start-up work are ready.',
  access: 'public',
  response: z.object({ status: z.enum(['ok', 'unavailable']), checks: z.array(Check) }),
});
