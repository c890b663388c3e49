import type { KubeObject } from '@fairlead/kube/protocol';
import { status } from '@fairlead/kube/protocol';
import type { Api } from '../../api/api.js';
import { EvaluationError, fromJson, type Program, type Value, type Variables } from '../../cel/index.js';
import { fields, isSet, strings, text } from '../../kinds/parts/values.js';
import { ApiError } from '../../machinery/api-error.js';
import { groupResource, type Stored } from '../../machinery/object.js';
import type { AdmissionPlugin, AdmissionRequest } from '../admission.js';
import { admissionName } from '../forbidden.js';
import { type CompiledPolicy, compiledPolicy, type Expression } from './compiled-policy.js';
import { LazyVariables } from './lazy-variables.js';
import { matchesRequest } from './match.js';
import { paramsOf } from './params.js';
import { requestVariables } from './policy-variables.js';

const policies = 'validatingadmissionpolicies.admissionregistration.k8s.io';
const bindings = 'validatingadmissionpolicybindings.admissionregistration.k8s.io';
/** Rules about rules could lock everybody out; questions are no changes. */
const exempt = new Set(['admissionregistration.k8s.io', 'authentication.k8s.io', 'authorization.k8s.io']);

interface Denial {
  policy: string;
  binding?: string;
  message: string;
  reason: string;
}

/** Policies in CEL, by their bindings. The first denial is the answer; warnings are given all. */
export const validatingAdmissionPolicy: AdmissionPlugin = {
  name: 'ValidatingAdmissionPolicy',
  validate(request, api) {
    if (exempt.has(request.definition.group)) return;
    const all = api.list(bindings);
    if (all.length === 0) return;
    const variables = requestVariables(request, api);
    const denials = api.list(policies).flatMap((policy) => {
      const own = all.filter(({ spec }) => fields(spec).policyName === policy.metadata.name);
      return own.length === 0 ? [] : deniedBy(policy, own, request, variables, api);
    });
    const [first] = denials;
    if (first) throw denied(first, request);
  },
};

function deniedBy(policy: Stored, own: readonly Stored[], request: AdmissionRequest, variables: Variables, api: Api): Denial[] {
  const compiled = compiledPolicy(policy);
  if (!matchesRequest(compiled.match, request, api)) return [];
  return own.flatMap((binding) => {
    const spec = fields(binding.spec);
    if (isSet(spec.matchResources) && !matchesRequest(fields(spec.matchResources), request, api)) return [];
    const names = { policy: policy.metadata.name, binding: binding.metadata.name };
    const params = paramsOf(compiled.paramKind, spec.paramRef, request.namespace, api);
    if (typeof params === 'string') {
      const message = `failed to configure binding: ${params}`;
      return compiled.ignoresFailures ? [] : [{ ...names, message, reason: 'Invalid' }];
    }
    const failures = params.flatMap((each) => failuresOf(compiled, variables, each));
    const actions = strings(spec.validationActions);
    if (actions.includes('Warn')) {
      for (const { message } of failures)
        request.warn(`Validation failed for ValidatingAdmissionPolicy '${names.policy}' with binding '${names.binding}': ${message}`);
    }
    return actions.includes('Deny') ? failures.map((failure) => ({ ...names, ...failure })) : [];
  });
}

interface Failure {
  message: string;
  reason: string;
}

function failuresOf(policy: CompiledPolicy, common: Variables, param: KubeObject | undefined): Failure[] {
  const seen: Variables = policy.paramKind ? { ...common, params: param ? fromJson(param) : null } : common;
  const failed = (message: string): Failure[] => (policy.ignoresFailures ? [] : [{ message, reason: 'Invalid' }]);
  const conditions = policy.conditions.map((each) => outcome(each, seen));
  if (conditions.some((each) => each.value !== true && each.problem === undefined)) return [];
  const problems = conditions.flatMap(({ problem }) => problem ?? []);
  if (problems.length > 0) return failed(problems.length === 1 ? (problems[0] ?? '') : `[${problems.join(', ')}]`);

  const everything: Variables = policy.variables.length > 0 ? { ...seen, variables: new LazyVariables(policy.variables, seen) } : seen;
  return policy.validations.flatMap((validation): Failure[] => {
    const { value, problem } = outcome(validation, everything);
    if (problem !== undefined) return failed(problem);
    if (value === true) return [];
    const said = validation.messageExpression && messageOf(validation.messageExpression, everything);
    return [{ message: said || validation.message || `failed expression: ${validation.source}`, reason: validation.reason }];
  });
}

function outcome({ source, program }: Expression, variables: Variables): { value?: Value; problem?: string } {
  try {
    return { value: program.evaluate(variables) };
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    return { problem: `expression '${source}' resulted in error: ${error.message}` };
  }
}

const longestMessage = 5 * 1024;

/** What an expression says, if it can be said in one line. */
function messageOf(program: Program, variables: Variables): string {
  try {
    const value = program.evaluate(variables);
    const message = typeof value === 'string' ? value.trim() : '';
    return message.length > longestMessage || message.includes('\n') ? '' : message;
  } catch (error) {
    if (error instanceof EvaluationError) return '';
    throw error;
  }
}

const codes: Readonly<Record<string, number>> = { Forbidden: 403, Unauthorized: 401, RequestEntityTooLarge: 413, Invalid: 422 };

function denied({ policy, binding, message, reason }: Denial, request: AdmissionRequest): ApiError {
  const { group, resource } = request.definition;
  const name = admissionName(request);
  const why = `ValidatingAdmissionPolicy '${policy}' with binding '${text(binding)}' denied request: ${message}`;
  return new ApiError(
    status(codes[reason] ?? 422, reason, `${groupResource(group, resource)} "${name}" is forbidden: ${why}`, {
      name,
      ...(group ? { group } : {}),
      kind: resource,
      causes: [{ message: why }],
    }),
  );
}
