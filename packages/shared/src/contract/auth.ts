import { z } from 'zod';
import { Id, Name, Timestamp } from '../id.js';
import { PlatformRole, Role } from '../permissions.js';
import { route } from './route.js';

export const Password = z.string().min(12, 'must have at least 12 characters').max(200, 'must have no more than 200 characters');

export const SignIn = z.strictObject({ username: z.string().min(1).max(100), password: z.string().min(1).max(1000) });

export const Me = z
  .object({
    id: Id,
    kind: z.enum(['user', 'robot']),
    name: Name,
    displayName: z.string(),
    platformRoles: z.array(PlatformRole),
    mustChangePassword: z.boolean(),
    grants: z.array(z.object({ project: z.object({ id: Id, name: Name }), role: Role, expiresAt: Timestamp.nullable() })),
    /** The door this request came through. */
    via: z.enum(['session', 'token']),
    session: z.object({ id: Id, expiresAt: Timestamp }).nullable(),
    serverTime: Timestamp,
  })
  .meta({ id: 'Me' });
export type Me = z.infer<typeof Me>;

export const Session = z
  .object({
    id: Id,
    current: z.boolean(),
    createdAt: Timestamp,
    lastSeenAt: Timestamp,
    expiresAt: Timestamp,
    address: z.string(),
    userAgent: z.string(),
  })
  .meta({ id: 'Session' });
export type Session = z.infer<typeof Session>;

export const signIn = route({
  method: 'POST',
  path: '/auth/sign-in',
  action: 'auth.sign-in',
  summary: 'Sign in with name and password; sets the session cookie.',
  access: 'public',
  body: SignIn,
  response: Me,
});

export const signOut = route({
  method: 'POST',
  path: '/auth/sign-out',
  action: 'auth.sign-out',
  summary: 'End this session.',
  access: 'signed-in',
});

export const getMe = route({
  method: 'GET',
  path: '/me',
  action: 'auth.me',
  summary: 'Who is asking, with roles and grants.',
  access: 'signed-in',
  response: Me,
});

export const changePassword = route({
  method: 'POST',
  path: '/me/password',
  action: 'auth.change-password',
  summary: 'Change the own password; every other session ends.',
  access: 'signed-in',
  body: z.strictObject({ current: z.string().min(1).max(1000), next: Password }),
});

export const listSessions = route({
  method: 'GET',
  path: '/me/sessions',
  action: 'auth.sessions.list',
  summary: 'The own sessions.',
  access: 'signed-in',
  response: z.object({ items: z.array(Session), next: z.string().nullable() }),
});

export const revokeSession = route({
  method: 'DELETE',
  path: '/me/sessions/:session',
  action: 'auth.sessions.revoke',
  summary: 'End one of the own sessions.',
  access: 'signed-in',
  params: z.strictObject({ session: Id }),
});
