import { stringify } from 'yaml';

export interface KubeconfigParts {
  cluster: string;
  /** `https://host:port`, without a slash at its end. */
  origin: string;
  /** PEM; null when the origin's certificate is signed by an authority that the machine trusts by itself. */
  ca: string | null;
  user: string;
  token: string;
}

/** A kubeconfig with one context, `fairlead-<cluster>`, that goes through Fairlead. */
export function kubeconfigYaml({ cluster, origin, ca, user, token }: KubeconfigParts): string {
  const name = `fairlead-${cluster}`;
  return stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [
        {
          name,
          cluster: {
            server: `${origin}/k8s/${cluster}`,
            ...(ca === null ? {} : { 'certificate-authority-data': Buffer.from(ca).toString('base64') }),
          },
        },
      ],
      users: [{ name: `${name}-${user}`, user: { token } }],
      contexts: [{ name, context: { cluster: name, user: `${name}-${user}` } }],
      'current-context': name,
    },
    { lineWidth: 0 },
  );
}
