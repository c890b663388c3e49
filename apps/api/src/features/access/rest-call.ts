import type { RestContext } from '../../platform/http/rest-context.js';
import type { AuditHandle } from '../audit/index.js';
import type { Caller } from '../auth/index.js';

export interface ProjectInfo {
  id: string;
  name: string;
}

/** What a handler of a route with a caller gets as its fourth argument. */
export type RestCall = RestContext<Caller, AuditHandle, ProjectInfo | null>;
/** … and of a route with `:project` in its path. */
export type ProjectCall = RestContext<Caller, AuditHandle, ProjectInfo>;
