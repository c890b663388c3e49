import * as contract from '@fairlead/shared';
import { expect, it } from 'vitest';
import { liveCloseCodes } from './live/protocol';
import { permissions, roles } from './roles';
import { routes } from './routes';

const isRoute = (value: unknown): value is contract.RouteShape =>
  typeof value === 'object' && value !== null && 'method' in value && 'path' in value && 'access' in value;

/** Documents that a person opens by a link, not by a call. */
const opened = new Set(['openApi']);

it('every route of the contract is known to the browser with its method and path', () => {
  const wanted = Object.fromEntries(
    Object.entries(contract).flatMap(([name, value]) =>
      isRoute(value) && !opened.has(name) ? [[name, `${value.method} ${value.path}`]] : [],
    ),
  );
  const known = Object.fromEntries(Object.entries(routes).map(([name, route]) => [name, `${route.method} ${route.path}`]));
  expect(known).toEqual(wanted);
});

it('roles, permissions and close codes are the contract’s', () => {
  expect(roles).toEqual(contract.roles);
  expect(permissions).toEqual(contract.projectPermissions);
  expect(liveCloseCodes).toEqual(contract.liveClose);
});
