import { dnsLabelProblem, dnsSubdomainProblem, labelValueProblem, qualifiedNameProblem } from '@fairlead/kube/protocol';

// apimachinery's RegexError adds an example and the expression to the words that packages/kube says.
const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const used = (problem: string | undefined, hint: string): string | undefined =>
  problem?.endsWith('alphanumeric character') ? `${problem} (${hint}')` : problem;
const regex = "regex used for validation is '";
const qualified = `e.g. 'MyName',  or 'my.name',  or '123-abc', ${regex}([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]`;
const subdomain = `e.g. 'example.com', ${regex}${label}(\\.${label})*`;

/** Why this is no DNS-1123 subdomain (most names), in the API server's whole words; undefined when it is one. */
export const subdomainProblem = (name: string): string | undefined => used(dnsSubdomainProblem(name), subdomain);

/** Why this is no DNS-1123 label (namespaces, containers). */
export const labelProblem = (name: string): string | undefined =>
  used(dnsLabelProblem(name), `e.g. 'my-name',  or '123-abc', ${regex}${label}`);

/** Why this is no key of a label or an annotation. */
export function keyProblem(key: string): string | undefined {
  const problem = qualifiedNameProblem(key);
  if (problem?.startsWith('prefix part a lowercase')) return used(problem, subdomain);
  if (problem?.startsWith('a qualified name must')) {
    return `a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (${qualified}') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`;
  }
  return used(problem, qualified);
}

/** Why this is no value of a label. */
export const valueProblem = (value: string): string | undefined =>
  used(labelValueProblem(value), `e.g. 'MyValue',  or 'my_value',  or '12345', ${regex}(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?`);
