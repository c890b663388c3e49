import type { Manifest } from '@fairlead/kube';
import type { ImageSpec } from '@fairlead/shared';
import type { Frame } from './image-app.js';

/** One port on the Service for each of the container's. */
export function service({ meta, selector }: Frame, { port, ports = [] }: ImageSpec): Manifest | null {
  const all = [...(port === undefined ? [] : [{ name: 'http', port, protocol: 'TCP' }]), ...ports];
  if (all.length === 0) return null;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: meta,
    spec: { selector, ports: all.map(({ name, port: number, protocol }) => ({ name, port: number, targetPort: name, protocol })) },
  };
}

/** One Ingress for all routes; paths of one host stand together. */
export function ingress({ meta }: Frame, spec: ImageSpec): Manifest | null {
  const routes = [...(spec.host === undefined ? [] : [{ host: spec.host, path: '/', tlsSecret: undefined }]), ...(spec.routes ?? [])];
  if (routes.length === 0) return null;
  const hosts = [...new Set(routes.map(({ host }) => host))];
  const secrets = [...new Set(routes.flatMap(({ tlsSecret }) => tlsSecret ?? []))];
  const backend = { service: { name: meta.name, port: { name: 'http' } } };
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: meta,
    spec: {
      ...(spec.ingressClass && { ingressClassName: spec.ingressClass }),
      rules: hosts.map((host) => ({
        host,
        http: { paths: routes.filter((route) => route.host === host).map(({ path }) => ({ path, pathType: 'Prefix', backend })) },
      })),
      ...(secrets.length > 0 && {
        tls: secrets.map((secretName) => ({
          secretName,
          hosts: [...new Set(routes.filter((route) => route.tlsSecret === secretName).map(({ host }) => host))],
        })),
      }),
    },
  };
}
