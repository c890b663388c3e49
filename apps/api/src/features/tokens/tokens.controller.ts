import { createRobotToken, createToken, listRobotTokens, listTokens, revokeRobotToken, revokeToken } from '@fairlead/shared';
import { Controller } from '@nestjs/common';
import { type Answer, type BodyOf, Implements, type ParamsOf, type QueryOf } from '../../platform/http/implements.js';
import type { RestCall } from '../access/index.js';
import type { Caller } from '../auth/index.js';
import { UsersService } from '../users/index.js';
import { TokensService } from './tokens.service.js';

@Controller()
export class TokensController {
  constructor(
    private readonly tokens: TokensService,
    private readonly users: UsersService,
  ) {}

  @Implements(listTokens)
  list(caller: Caller, _params: unknown, query: QueryOf<typeof listTokens>): Answer<typeof listTokens> {
    return this.tokens.list(caller.id, query);
  }

  @Implements(createToken)
  async create(caller: Caller, _params: unknown, body: BodyOf<typeof createToken>, { note }: RestCall): Answer<typeof createToken> {
    const token = await this.tokens.create(caller, caller.id, body);
    note.name = token.name;
    note.summary = `token ${token.id} until ${token.expiresAt}`;
    return token;
  }

  @Implements(revokeToken)
  async revoke(caller: Caller, { token }: ParamsOf<typeof revokeToken>, _query: unknown, { note }: RestCall): Promise<void> {
    note.name = await this.tokens.revoke(caller.id, token);
  }

  @Implements(listRobotTokens)
  async listOfRobot(
    _: Caller,
    { robot }: ParamsOf<typeof listRobotTokens>,
    query: QueryOf<typeof listRobotTokens>,
  ): Answer<typeof listRobotTokens> {
    return this.tokens.list((await this.users.find('robot', robot)).id, query);
  }

  @Implements(createRobotToken)
  async createForRobot(
    caller: Caller,
    { robot }: ParamsOf<typeof createRobotToken>,
    body: BodyOf<typeof createRobotToken>,
    { note }: RestCall,
  ): Answer<typeof createRobotToken> {
    const owner = await this.users.find('robot', robot);
    const token = await this.tokens.create(caller, owner.id, body);
    note.name = owner.name;
    note.summary = `token ${token.name} (${token.id}) until ${token.expiresAt}`;
    return token;
  }

  @Implements(revokeRobotToken)
  async revokeOfRobot(_: Caller, { robot, token }: ParamsOf<typeof revokeRobotToken>, _query: unknown, { note }: RestCall): Promise<void> {
    const owner = await this.users.find('robot', robot);
    note.name = owner.name;
    note.summary = `token ${await this.tokens.revoke(owner.id, token)}`;
  }
}
