import { type FieldError, forbiddenField, invalidValue, required } from '../../../machinery/field-error.js';
import { isHeaderName } from '../../parts/names.js';
import { mustBeOneOf, named, notNegative, portNumber, portNumberOrName } from '../../parts/rules.js';
import { type Fields, fields, isFields, isSet, list, number, strings, text } from '../../parts/values.js';

type Handler = (action: Fields, path: string, grace: number | undefined) => FieldError[];

const handlers: Readonly<Record<string, Handler>> = {
  exec: (action, path) => (strings(action.command).length === 0 ? [required(`${path}.command`)] : []),
  httpGet: (action, path) => [
    ...(text(action.path) === '' ? [required(`${path}.path`)] : []),
    ...portNumberOrName(action.port, `${path}.port`),
    ...mustBeOneOf(action.scheme, `${path}.scheme`, ['HTTP', 'HTTPS']),
    ...list(action.httpHeaders).flatMap(({ name }) => named(isHeaderName, text(name), `${path}.httpHeaders`)),
  ],
  tcpSocket: (action, path) => portNumberOrName(action.port, `${path}.port`),
  grpc: (action, path) => portNumber(number(action.port), `${path}.port`),
  sleep: (action, path, grace) => {
    const seconds = number(action.seconds);
    return grace !== undefined && (seconds < 0 || seconds > grace)
      ? [invalidValue(path, seconds, `must be non-negative and less than terminationGracePeriodSeconds (${grace})`)]
      : [];
  },
};

/** Exactly one of them. */
function handlerRules(action: Fields, path: string, grace: number | undefined, kinds: readonly string[]): FieldError[] {
  const said = kinds.filter((kind) => isFields(action[kind]));
  if (said.length === 0) return [required(path, 'must specify a handler type')];
  return said.flatMap((kind, index) =>
    index === 0
      ? (handlers[kind]?.(fields(action[kind]), `${path}.${kind}`, grace) ?? [])
      : [forbiddenField(`${path}.${kind}`, 'may not specify more than 1 handler type')],
  );
}

export function probeRules(container: Fields, path: string, grace: number | undefined): FieldError[] {
  return [
    ...probe(container.livenessProbe, `${path}.livenessProbe`, grace, once),
    ...probe(container.readinessProbe, `${path}.readinessProbe`, grace, withoutGrace),
    ...probe(container.startupProbe, `${path}.startupProbe`, grace, once),
  ];
}

const once = ({ successThreshold }: Fields, path: string): FieldError[] =>
  number(successThreshold) === 1 ? [] : [invalidValue(`${path}.successThreshold`, number(successThreshold), 'must be 1')];

const withoutGrace = ({ terminationGracePeriodSeconds: grace }: Fields, path: string): FieldError[] =>
  isSet(grace) ? [invalidValue(`${path}.terminationGracePeriodSeconds`, grace, 'must not be set for readinessProbes')] : [];

function probe(value: unknown, path: string, grace: number | undefined, more: (probe: Fields, path: string) => FieldError[]): FieldError[] {
  if (!isFields(value)) return [];
  const errors = handlerRules(value, path, grace, ['exec', 'httpGet', 'tcpSocket', 'grpc']);
  for (const key of ['initialDelaySeconds', 'timeoutSeconds', 'periodSeconds', 'successThreshold', 'failureThreshold'])
    errors.push(...notNegative(value[key], `${path}.${key}`));
  const own = value.terminationGracePeriodSeconds;
  if (typeof own === 'number' && own <= 0)
    errors.push(invalidValue(`${path}.terminationGracePeriodSeconds`, own, 'must be greater than 0'));
  return [...errors, ...more(value, path)];
}

export function lifecycleRules(lifecycle: unknown, path: string, grace: number | undefined): FieldError[] {
  return ['postStart', 'preStop'].flatMap((hook) => {
    const action = fields(lifecycle)[hook];
    return isFields(action) ? handlerRules(action, `${path}.${hook}`, grace, ['exec', 'httpGet', 'tcpSocket', 'sleep']) : [];
  });
}
