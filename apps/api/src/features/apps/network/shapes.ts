import type { KubeObject } from '@fairlead/kube';
import type { EndpointSlice, Ingress, Service } from '../observed/shapes.js';

// What the network page reads of observed objects, besides what every status needs. As there: any field may be missing.

export interface NetService extends Service {
  spec?: {
    selector?: Record<string, string>;
    ports?: { name?: string; port?: number; protocol?: string; targetPort?: number | string; nodePort?: number }[];
    type?: string;
    clusterIP?: string;
    clusterIPs?: string[];
    externalName?: string;
    externalIPs?: string[];
    sessionAffinity?: string;
    sessionAffinityConfig?: { clientIP?: { timeoutSeconds?: number } };
    internalTrafficPolicy?: string;
    externalTrafficPolicy?: string;
    trafficDistribution?: string;
    publishNotReadyAddresses?: boolean;
  };
  status?: { loadBalancer?: { ingress?: Address[] } };
}

export interface NetEndpointSlice extends EndpointSlice {
  endpoints?: {
    addresses?: string[];
    conditions?: { ready?: boolean; serving?: boolean; terminating?: boolean };
    hostname?: string;
    targetRef?: { kind?: string; name?: string; uid?: string };
    nodeName?: string;
    zone?: string;
    hints?: { forZones?: { name?: string }[] };
  }[];
  ports?: { name?: string; port?: number; protocol?: string }[];
}

interface Backend {
  service?: { name?: string; port?: { name?: string; number?: number } };
}

export interface NetIngress extends Ingress {
  spec?: {
    ingressClassName?: string;
    defaultBackend?: Backend;
    rules?: { host?: string; http?: { paths?: { path?: string; pathType?: string; backend?: Backend }[] } }[];
    tls?: { hosts?: string[]; secretName?: string }[];
  };
}

interface Address {
  ip?: string;
  hostname?: string;
}

/** Where a Service or an Ingress is answered, by its own status. */
export const addressesOf = (object: KubeObject & { status?: { loadBalancer?: { ingress?: Address[] } } }): string[] =>
  (object.status?.loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }) => ip ?? hostname ?? []);

export const serviceOf = (slice: EndpointSlice): string => slice.metadata.labels?.['kubernetes.io/service-name'] ?? '';
