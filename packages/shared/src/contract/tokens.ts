import { z } from 'zod';
import { Id, Name, Ref, Timestamp } from '../id.js';
import { PageQuery, page, route } from './route.js';

const Narrow = z.object({ id: Id, name: Name });

export const Token = z
  .object({
    id: Id,
    name: z.string(),
    readOnly: z.boolean(),
    clusters: z.array(Narrow).nullable().describe('Only these clusters; null means not narrowed.'),
    projects: z.array(Narrow).nullable().describe('Only these projects; null means not narrowed.'),
    createdAt: Timestamp,
    expiresAt: Timestamp,
    lastUsedAt: Timestamp.nullable(),
    revokedAt: Timestamp.nullable(),
  })
  .meta({ id: 'Token' });
export type Token = z.infer<typeof Token>;

export const CreateToken = z.strictObject({
  name: z.string().trim().min(1).max(100),
  expiresInHours: z
    .number()
    .int()
    .min(1)
    .max(24 * 365)
    .default(24 * 30),
  readOnly: z.boolean().default(false),
  clusters: z.array(Ref).min(1).max(50).optional(),
  projects: z.array(Ref).min(1).max(50).optional(),
});

export const CreatedToken = Token.extend({ token: z.string().describe('The token itself, shown this once.') }).meta({ id: 'CreatedToken' });

export const listTokens = route({
  method: 'GET',
  path: '/tokens',
  action: 'tokens.list',
  summary: 'The own API tokens, newest first.',
  access: 'signed-in',
  query: PageQuery,
  response: page(Token),
});

export const createToken = route({
  method: 'POST',
  path: '/tokens',
  action: 'tokens.create',
  summary: 'Create an API token for oneself. A token cannot make a wider one than itself.',
  access: 'signed-in',
  body: CreateToken,
  response: CreatedToken,
  status: 201,
});

export const revokeToken = route({
  method: 'DELETE',
  path: '/tokens/:token',
  action: 'tokens.revoke',
  summary: 'Revoke one of the own tokens; it stops at once, open streams included.',
  access: 'signed-in',
  params: z.strictObject({ token: Id }),
});

export const createRobotToken = route({
  method: 'POST',
  path: '/robots/:robot/tokens',
  action: 'robots.tokens.create',
  summary: 'Create a token for a robot.',
  access: { platform: 'users.manage' },
  params: z.strictObject({ robot: Ref }),
  body: CreateToken,
  response: CreatedToken,
  status: 201,
});

export const listRobotTokens = route({
  method: 'GET',
  path: '/robots/:robot/tokens',
  action: 'robots.tokens.list',
  summary: "A robot's tokens.",
  access: { platform: 'users.manage' },
  params: z.strictObject({ robot: Ref }),
  query: PageQuery,
  response: page(Token),
});

export const revokeRobotToken = route({
  method: 'DELETE',
  path: '/robots/:robot/tokens/:token',
  action: 'robots.tokens.revoke',
  summary: "Revoke a robot's token.",
  access: { platform: 'users.manage' },
  params: z.strictObject({ robot: Ref, token: Id }),
});
