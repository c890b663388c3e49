import { CompileError, Environment, formatType, type Type, types } from '../../cel/index.js';
import { type FieldError, invalidValue } from '../../machinery/field-error.js';

const { dyn, string, bool, int, list, map, object, opaque, timestamp } = types;
const kind = object('kubernetes.GroupVersionKind', { group: string, version: string, kind: string });
const resource = object('kubernetes.GroupVersionResource', { group: string, version: string, resource: string });
const userInfo = object('kubernetes.UserInfo', { username: string, uid: string, groups: list(string), extra: map(string, list(string)) });

export const requestType = object('kubernetes.AdmissionRequest', {
  kind,
  resource,
  subResource: string,
  requestKind: kind,
  requestResource: resource,
  requestSubResource: string,
  name: string,
  namespace: string,
  operation: string,
  userInfo,
  dryRun: bool,
  options: dyn,
});

export const namespaceType = object('kubernetes.Namespace', {
  metadata: object('kubernetes.NamespaceMetadata', {
    name: string,
    generateName: string,
    namespace: string,
    labels: map(string, string),
    annotations: map(string, string),
    UID: string,
    creationTimestamp: timestamp,
    deletionGracePeriodSeconds: int,
    deletionTimestamp: timestamp,
    generation: int,
    resourceVersion: string,
    finalizers: list(string),
  }),
  spec: object('kubernetes.NamespaceSpec', { finalizers: list(string) }),
  status: object('kubernetes.NamespaceStatus', {
    conditions: list(
      object('kubernetes.NamespaceCondition', {
        status: string,
        type: string,
        lastTransitionTime: timestamp,
        message: string,
        reason: string,
      }),
    ),
    phase: string,
  }),
});

export interface PolicyEnvironment {
  /** For matchConditions, which see no variables. */
  readonly conditions: Environment;
  /** For variables (those before), validations and audit annotations. */
  readonly expressions: Environment;
  /** For messages, which cannot ask for rights. */
  readonly messages: Environment;
  /** Makes a variable known to what comes after it. */
  declare(name: string, expression: string): void;
}

/** What expressions of a ValidatingAdmissionPolicy may name. */
export function policyEnvironment(hasParams: boolean): PolicyEnvironment {
  const common: Record<string, Type> = { object: dyn, oldObject: dyn, request: requestType, namespaceObject: namespaceType };
  if (hasParams) common.params = dyn;
  const rights = {
    authorizer: opaque('kubernetes.authorization.Authorizer'),
    'authorizer.requestResource': opaque('kubernetes.authorization.ResourceCheck'),
  };
  const declared: Record<string, Type> = {};
  let expressions: Environment | undefined;
  let messages: Environment | undefined;
  const withVariables = (): Record<string, Type> =>
    Object.keys(declared).length > 0 ? { ...common, variables: object('kubernetes.variables', declared) } : common;
  return {
    conditions: new Environment({ ...common, ...rights }),
    get expressions() {
      expressions ??= new Environment({ ...withVariables(), ...rights });
      return expressions;
    },
    get messages() {
      messages ??= new Environment(withVariables());
      return messages;
    },
    declare(name, expression) {
      declared[name] = this.expressions.compile(expression).type;
      expressions = undefined;
      messages = undefined;
    },
  };
}

/** `wanted`: the types it may give; any where it is missing. */
export function expressionErrors(
  environment: Environment,
  source: string,
  wanted: readonly string[] | undefined,
  at: string,
): FieldError[] {
  try {
    const { type } = environment.compile(source);
    const found = type.kind === 'null' ? 'null_type' : formatType(type);
    if (!wanted || wanted.includes(found)) return [];
    const must = wanted.length === 1 ? wanted[0] : `one of [${wanted.join(' ')}]`;
    return [invalidValue(at, source, `must evaluate to ${must} but got ${found}`)];
  } catch (error) {
    if (!(error instanceof CompileError)) throw error;
    return [invalidValue(at, source, `compilation failed: ${error.message}`)];
  }
}
