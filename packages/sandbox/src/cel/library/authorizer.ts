import { type Overload, overload } from '../functions.js';
import { EvaluationError } from '../problem.js';
import { Opaque } from '../value.js';

export interface Question {
  /** A ServiceAccount instead of the sender. */
  serviceAccount?: { namespace: string; name: string };
  verb: string;
  path?: string;
  group: string;
  resource: string;
  subresource: string;
  namespace: string;
  name: string;
}

export type Ask = (question: Question) => { allowed: boolean; reason: string };

const prefix = 'kubernetes.authorization.';

/** The variable `authorizer`: what the sender may do. */
export class Authorizer extends Opaque {
  readonly typeName = `${prefix}Authorizer`;

  constructor(
    readonly ask: Ask,
    readonly serviceAccount?: Question['serviceAccount'],
  ) {
    super();
  }
}

type About = Omit<Question, 'verb'>;
const nothing: About = { group: '', resource: '', subresource: '', namespace: '', name: '' };

abstract class Asking extends Opaque {
  constructor(
    readonly authorizer: Authorizer,
    readonly about: About,
  ) {
    super();
  }
}

class PathCheck extends Asking {
  readonly typeName = `${prefix}PathCheck`;
}

class GroupCheck extends Asking {
  readonly typeName = `${prefix}GroupCheck`;
}

/** The variable `authorizer.requestResource` is one, of the request itself. */
export class ResourceCheck extends Asking {
  readonly typeName = `${prefix}ResourceCheck`;
}

class Decision extends Opaque {
  readonly typeName = `${prefix}Decision`;

  constructor(
    readonly allowed: boolean,
    readonly reason: string,
  ) {
    super();
  }
}

const fail = (message: string): never => {
  throw new EvaluationError(message);
};
const narrowed = (check: Asking, more: Partial<About>): ResourceCheck => new ResourceCheck(check.authorizer, { ...check.about, ...more });

function check({ authorizer, about }: Asking, verb: string): Decision {
  const { serviceAccount } = authorizer;
  const { allowed, reason } = authorizer.ask({ ...about, verb, ...(serviceAccount ? { serviceAccount } : {}) });
  return new Decision(allowed, reason);
}

const [authorizer, path, group, resource, decision] = ['Authorizer', 'PathCheck', 'GroupCheck', 'ResourceCheck', 'Decision'].map(
  (each) => `${prefix}${each}`,
);

export const authorization: readonly Overload[] = [
  overload(`${authorizer}.path(string) -> ${path}`, (of: Authorizer, text: string) =>
    text === '' ? fail('path must not be empty') : new PathCheck(of, { ...nothing, path: text }),
  ),
  overload(`${authorizer}.group(string) -> ${group}`, (of: Authorizer, text: string) => new GroupCheck(of, { ...nothing, group: text })),
  overload(
    `${authorizer}.serviceAccount(string, string) -> ${authorizer}`,
    (of: Authorizer, namespace: string, name: string) => new Authorizer(of.ask, { namespace, name }),
  ),
  overload(`${group}.resource(string) -> ${resource}`, (of: GroupCheck, text: string) =>
    text === '' ? fail('resource must not be empty') : narrowed(of, { resource: text }),
  ),
  overload(`${resource}.subresource(string) -> ${resource}`, (of: ResourceCheck, text: string) => narrowed(of, { subresource: text })),
  overload(`${resource}.namespace(string) -> ${resource}`, (of: ResourceCheck, text: string) => narrowed(of, { namespace: text })),
  overload(`${resource}.name(string) -> ${resource}`, (of: ResourceCheck, text: string) => narrowed(of, { name: text })),
  // RBAC does not look at selectors.
  overload(`${resource}.fieldSelector(string) -> ${resource}`, (of: ResourceCheck, _: string) => of),
  overload(`${resource}.labelSelector(string) -> ${resource}`, (of: ResourceCheck, _: string) => of),
  overload(`${path}.check(string) -> ${decision}`, check),
  overload(`${resource}.check(string) -> ${decision}`, check),
  overload(`${decision}.errored() -> bool`, () => false),
  overload(`${decision}.error() -> string`, () => ''),
  overload(`${decision}.allowed() -> bool`, ({ allowed }: Decision) => allowed),
  overload(`${decision}.reason() -> string`, ({ reason }: Decision) => reason),
];
