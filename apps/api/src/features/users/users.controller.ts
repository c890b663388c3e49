import {
  changeRobot,
  changeUser,
  createRobot,
  createUser,
  getUser,
  listRobots,
  listUsers,
  resetPassword,
  searchPrincipals,
} from '@fairlead/shared';
import { Controller } from '@nestjs/common';
import { type Answer, type BodyOf, Implements, type ParamsOf, type QueryOf } from '../../platform/http/implements.js';
import type { RestCall } from '../access/index.js';
import type { Caller } from '../auth/index.js';
import { robotOf, UsersService, userOf } from './users.service.js';

@Controller()
export class UsersController {
  constructor(private readonly users: UsersService) {}

  @Implements(listUsers)
  list(_: Caller, _params: unknown, query: QueryOf<typeof listUsers>): Answer<typeof listUsers> {
    return this.users.users(query);
  }

  @Implements(createUser)
  async create(_: Caller, _params: unknown, body: BodyOf<typeof createUser>, { note, reply }: RestCall): Answer<typeof createUser> {
    const user = await this.users.createUser(body);
    note.name = user.name;
    note.summary = user.platformRoles.length > 0 ? `platform roles: ${user.platformRoles.join(', ')}` : null;
    reply.header('location', `/api/v1/users/${user.id}`);
    return user;
  }

  @Implements(getUser)
  async get(_: Caller, { user }: ParamsOf<typeof getUser>): Answer<typeof getUser> {
    return userOf(await this.users.find('user', user));
  }

  @Implements(changeUser)
  async change(
    _: Caller,
    { user }: ParamsOf<typeof changeUser>,
    body: BodyOf<typeof changeUser>,
    { note }: RestCall,
  ): Answer<typeof changeUser> {
    const { after } = await this.users.change('user', user, body);
    note.name = after.name;
    note.summary = changedWords(body);
    return userOf(after);
  }

  @Implements(resetPassword)
  async resetPassword(
    _: Caller,
    { user }: ParamsOf<typeof resetPassword>,
    _query: unknown,
    { note }: RestCall,
  ): Answer<typeof resetPassword> {
    note.name = user;
    return { password: await this.users.resetPassword(user) };
  }

  @Implements(searchPrincipals)
  async search(caller: Caller, _params: unknown, { q }: QueryOf<typeof searchPrincipals>): Answer<typeof searchPrincipals> {
    return { items: await this.users.search(caller, q), next: null };
  }

  @Implements(listRobots)
  robots(_: Caller, _params: unknown, query: QueryOf<typeof listRobots>): Answer<typeof listRobots> {
    return this.users.robots(query);
  }

  @Implements(createRobot)
  async createRobot(_: Caller, _params: unknown, body: BodyOf<typeof createRobot>, { note }: RestCall): Answer<typeof createRobot> {
    note.name = body.name;
    return this.users.createRobot(body);
  }

  @Implements(changeRobot)
  async changeRobot(
    _: Caller,
    { robot }: ParamsOf<typeof changeRobot>,
    body: BodyOf<typeof changeRobot>,
    { note }: RestCall,
  ): Answer<typeof changeRobot> {
    const { after } = await this.users.change('robot', robot, body);
    note.name = after.name;
    note.summary = changedWords(body);
    return robotOf(after);
  }
}

function changedWords(body: { displayName?: string; platformRoles?: string[]; disabled?: boolean }): string {
  return [
    body.displayName !== undefined ? `display name ${body.displayName}` : '',
    body.platformRoles ? `platform roles: ${body.platformRoles.join(', ') || 'none'}` : '',
    body.disabled === undefined ? '' : body.disabled ? 'disabled' : 'enabled',
  ]
    .filter(Boolean)
    .join('; ');
}
