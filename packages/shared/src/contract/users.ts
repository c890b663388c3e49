import { z } from 'zod';
import { Id, Name, Ref, Timestamp } from '../id.js';
import { PlatformRole } from '../permissions.js';
import { Password } from './auth.js';
import { PageQuery, page, route } from './route.js';

export const User = z
  .object({
    id: Id,
    name: Name,
    displayName: z.string(),
    platformRoles: z.array(PlatformRole),
    disabled: z.boolean(),
    mustChangePassword: z.boolean(),
    createdAt: Timestamp,
    lastSeenAt: Timestamp.nullable(),
  })
  .meta({ id: 'User' });
export type User = z.infer<typeof User>;

export const Robot = z
  .object({ id: Id, name: Name, displayName: z.string(), disabled: z.boolean(), createdAt: Timestamp, lastSeenAt: Timestamp.nullable() })
  .meta({ id: 'Robot' });
export type Robot = z.infer<typeof Robot>;

const DisplayName = z.string().trim().min(1).max(100);
const userRef = z.strictObject({ user: Ref });
const robotRef = z.strictObject({ robot: Ref });

export const listUsers = route({
  method: 'GET',
  path: '/users',
  action: 'users.list',
  summary: 'All users.',
  access: { platform: 'users.manage' },
  query: PageQuery,
  response: page(User),
});

export const createUser = route({
  method: 'POST',
  path: '/users',
  action: 'users.create',
  summary: 'Create a local user. Without a password one is generated and answered once; it is changed at first sign-in.',
  access: { platform: 'users.manage' },
  body: z.strictObject({
    name: Name,
    displayName: DisplayName.optional(),
    password: Password.optional(),
    platformRoles: z.array(PlatformRole).max(2).default([]),
  }),
  response: User.extend({ password: z.string().nullable().describe('The generated password, shown this once.') }).meta({
    id: 'CreatedUser',
  }),
  status: 201,
});

export const getUser = route({
  method: 'GET',
  path: '/users/:user',
  action: 'users.get',
  summary: 'One user.',
  access: { platform: 'users.manage' },
  params: userRef,
  response: User,
});

export const changeUser = route({
  method: 'PATCH',
  path: '/users/:user',
  action: 'users.change',
  summary: 'Change display name, platform roles, or whether the user is disabled.',
  access: { platform: 'users.manage' },
  params: userRef,
  body: z.strictObject({
    displayName: DisplayName.optional(),
    platformRoles: z.array(PlatformRole).max(2).optional(),
    disabled: z.boolean().optional(),
  }),
  response: User,
});

export const resetPassword = route({
  method: 'POST',
  path: '/users/:user/password',
  action: 'users.reset-password',
  summary: 'Give a user a generated password, answered once; all their sessions end.',
  access: { platform: 'users.manage' },
  params: userRef,
  response: z.object({ password: z.string() }),
});

/** People whom a project admin may grant a role to: names only. */
export const searchPrincipals = route({
  method: 'GET',
  path: '/principals',
  action: 'users.search',
  summary: 'Users and robots by the beginning of their name, for giving grants. Needs to be an admin of a project or of the platform.',
  access: 'signed-in',
  query: z.strictObject({ q: z.string().max(63).default('') }),
  response: z.object({
    items: z.array(z.object({ id: Id, kind: z.enum(['user', 'robot']), name: Name, displayName: z.string() })),
    next: z.string().nullable(),
  }),
});

export const listRobots = route({
  method: 'GET',
  path: '/robots',
  action: 'robots.list',
  summary: 'All robots: principals that are no people, with tokens.',
  access: { platform: 'users.manage' },
  query: PageQuery,
  response: page(Robot),
});

export const createRobot = route({
  method: 'POST',
  path: '/robots',
  action: 'robots.create',
  summary: 'Create a robot.',
  access: { platform: 'users.manage' },
  body: z.strictObject({ name: Name, displayName: DisplayName.optional() }),
  response: Robot,
  status: 201,
});

export const changeRobot = route({
  method: 'PATCH',
  path: '/robots/:robot',
  action: 'robots.change',
  summary: 'Rename, disable or enable a robot.',
  access: { platform: 'users.manage' },
  params: robotRef,
  body: z.strictObject({ displayName: DisplayName.optional(), disabled: z.boolean().optional() }),
  response: Robot,
});
