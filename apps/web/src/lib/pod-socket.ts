/** The contract's podSocketPath without its validators; pod-socket.spec.ts compares them. */
export function podSocketPath(
  at: { cluster: string; namespace: string; pod: string },
  kind: 'exec' | 'attach' | 'log',
  query: [string, string][],
): string {
  const path = `/api/v1/clusters/${encodeURIComponent(at.cluster)}/namespaces/${encodeURIComponent(at.namespace)}/pods/${encodeURIComponent(at.pod)}/${kind}`;
  return `${path}?${query.map((pair) => pair.map(encodeURIComponent).join('=')).join('&')}`;
}

export const socketAddress = (path: string): string => {
  const { protocol, host } = window.location;
  return `${protocol === 'https:' ? 'wss' : 'ws'}://${host}${path}`;
};
