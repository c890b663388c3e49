const words =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

/** Why this is no DNS-1035 label; undefined when it is one. */
export function dns1035LabelProblem(label: string): string | undefined {
  if (label.length > 63) return 'must be no more than 63 characters';
  return /^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(label) ? undefined : words;
}
