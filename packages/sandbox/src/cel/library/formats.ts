import { dnsLabelProblem } from '@fairlead/kube/protocol';
import { keyProblem, labelProblem, subdomainProblem, valueProblem } from '../../machinery/name-problem.js';
import { type Overload, overload } from '../functions.js';
import { Opaque, Optional, parseTimestamp, ValueList } from '../value.js';

class Format extends Opaque {
  readonly typeName = 'kubernetes.NamedFormat';

  constructor(readonly problem: (text: string) => string | undefined) {
    super();
  }
}

const when = (bad: boolean, message: string): string | undefined => (bad ? message : undefined);
const dns1035 = (text: string): string | undefined =>
  when(
    !/^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(text) || dnsLabelProblem(text) !== undefined,
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
  );
/** A prefix may end where a name may not. */
const prefix = (problem: (text: string) => string | undefined) => (text: string) => problem(text.replace(/[-.]+$/, 'a'));

const formats: Readonly<Record<string, (text: string) => string | undefined>> = {
  dns1123Label: labelProblem,
  dns1123Subdomain: subdomainProblem,
  dns1035Label: dns1035,
  dns1123LabelPrefix: prefix(labelProblem),
  dns1123SubdomainPrefix: prefix(subdomainProblem),
  dns1035LabelPrefix: prefix(dns1035),
  qualifiedName: keyProblem,
  labelValue: valueProblem,
  uri: (text) => when(!/^(?:[a-zA-Z][a-zA-Z0-9+.-]*:\/\/|\/)/.test(text), `parse ${JSON.stringify(text)}: invalid URI for request`),
  uuid: (text) => when(!/^[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$/.test(text), 'does not match the UUID format'),
  byte: (text) => when(Buffer.from(text, 'base64').toString('base64') !== text, 'invalid base64'),
  date: (text) => when(!/^\d{4}-\d\d-\d\d$/.test(text) || Number.isNaN(Date.parse(text)), 'invalid date'),
  datetime: (text) => when(parseTimestamp(text) === undefined, 'invalid datetime'),
};
const made = Object.fromEntries(Object.entries(formats).map(([name, problem]) => [name, new Format(problem)]));
const type = 'kubernetes.NamedFormat';

/** `format.dns1123Label().validate(name)`: none, or what is wrong. */
export const namedFormats: readonly Overload[] = [
  ...Object.entries(made).map(([name, format]) => overload(`format.${name}() -> ${type}`, () => format)),
  overload(`format.named(string) -> optional(${type})`, (name: string) => (made[name] ? new Optional(made[name]) : Optional.none)),
  overload(`${type}.validate(string) -> optional(list(string))`, ({ problem }: Format, text: string) => {
    const wrong = problem(text);
    return wrong === undefined ? Optional.none : new Optional(new ValueList([wrong]));
  }),
];
