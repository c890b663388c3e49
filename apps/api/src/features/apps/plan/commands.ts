import type { Plan } from '@fairlead/shared';

/** The same act by hand: kubectl through Fairlead, and one REST call. Nothing in it is secret: the token is a variable. */
export function commandsOf(act: {
  cluster: string;
  namespace: string;
  method: 'POST' | 'PATCH';
  path: string;
  body: unknown;
  revision: number | null;
}): Plan['commands'] {
  const match = act.revision === null ? [] : [`  -H 'If-Match: "${act.revision}"' \\`];
  return {
    kubectl: `kubectl --context fairlead-${act.cluster} -n ${act.namespace} apply --server-side --field-manager=fairlead -f app.yaml`,
    rest: [
      `curl -X ${act.method} "$FAIRLEAD_URL/api/v1${act.path}" \\`,
      `  -H "Authorization: Bearer $FAIRLEAD_TOKEN" -H 'Content-Type: application/json' \\`,
      ...match,
      `  -d ${quoted(JSON.stringify(act.body))}`,
    ].join('\n'),
  };
}

/** For a POSIX shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
