import type { Identity } from './identity.js';

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');

/** A kubeconfig (JSON is YAML) for the sandbox's administrator: one cluster, one user, one context, everything in it. */
export function adminKubeconfig(identity: Identity, server: string, name = 'sandbox'): string {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server, 'certificate-authority-data': base64(identity.authority.certificate) } }],
    users: [
      {
        name: `${name}-admin`,
        user: { 'client-certificate-data': base64(identity.admin.certificate), 'client-key-data': base64(identity.admin.key) },
      },
    ],
    contexts: [{ name, context: { cluster: name, user: `${name}-admin` } }],
    'current-context': name,
    preferences: {},
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}
