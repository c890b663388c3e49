/**
 * Sockets of the dashboard besides /api/v1/live, all below
 * /api/v1/clusters/:cluster/namespaces/:namespace/pods/:pod and all with the session cookie and an exact Origin:
 * `exec` and `attach` speak v5.channel.k8s.io (or v4), `log` sends the log's bytes as binary messages.
 * The query is the Kubernetes API's own (container, command, stdin, stdout, stderr, tty; follow, tailLines, sinceSeconds, previous, timestamps).
 */
export function podSocketPath(
  at: { cluster: string; namespace: string; pod: string },
  kind: 'exec' | 'attach' | 'log',
  query: [string, string][],
): string {
  const path = `/api/v1/clusters/${encodeURIComponent(at.cluster)}/namespaces/${encodeURIComponent(at.namespace)}/pods/${encodeURIComponent(at.pod)}/${kind}`;
  return `${path}?${query.map((pair) => pair.map(encodeURIComponent).join('=')).join('&')}`;
}
