import type { AppNetwork } from '@fairlead/shared';
import { addressesOf, type NetIngress } from './shapes.js';

type Route = AppNetwork['routes'][number];
const classAnnotation = 'kubernetes.io/ingress.class';

/** The routes of a namespace's Ingresses that lead to one of these Services. Pure. `own` are the Ingresses that the app made. */
export function routesIn(ingresses: readonly NetIngress[], services: ReadonlySet<string>, own: ReadonlySet<string>): Route[] {
  return ingresses.flatMap((ingress) => {
    const { spec = {}, metadata } = ingress;
    const common = {
      ingress: metadata.name,
      ofApp: own.has(metadata.name),
      class: spec.ingressClassName ?? metadata.annotations?.[classAnnotation] ?? null,
      addresses: addressesOf(ingress),
    };
    const paths = (spec.rules ?? []).flatMap(({ host = '*', http }) => (http?.paths ?? []).map((each) => ({ ...each, host })));
    const fallback = spec.defaultBackend ? [{ host: '*', path: '/', pathType: 'default', backend: spec.defaultBackend }] : [];
    return [...paths, ...fallback].flatMap(({ host, path = '/', pathType = 'Prefix', backend }): Route[] => {
      const to = backend?.service;
      if (!to?.name || !services.has(to.name)) return [];
      const tls = spec.tls?.find(({ hosts = [] }) => hosts.includes(host) || hosts.includes(wildcardOf(host)));
      const port = String(to.port?.name ?? to.port?.number ?? '');
      return [{ ...common, host, path, pathType, service: to.name, port, tlsSecret: tls ? (tls.secretName ?? '') : null }];
    });
  });
}

const wildcardOf = (host: string): string => `*${host.slice(host.indexOf('.'))}`;
