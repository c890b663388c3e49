interface Backend {
  service?: { name: string; port?: { number?: number; name?: string } };
}

export interface Ingress {
  metadata: { name: string; namespace?: string; creationTimestamp?: string };
  spec?: {
    ingressClassName?: string;
    defaultBackend?: Backend;
    rules?: { host?: string; http?: { paths?: { path?: string; pathType?: string; backend: Backend }[] } }[];
  };
}

export interface Route {
  namespace: string;
  service: string;
  port: number | string;
}

/** The backend for a request: the host's own rules before those of a wildcard before those of any host, Exact before the longest Prefix; then a default backend. */
export function route(ingresses: readonly Ingress[], host: string, path: string): Route | undefined {
  let best: { rank: number; found: Route } | undefined;
  for (const { metadata, spec } of ingresses) {
    const namespace = metadata.namespace ?? '';
    const offer = (rank: number, { service }: Backend): void => {
      const port = service?.port?.number ?? service?.port?.name;
      if (!service || port === undefined || (best && best.rank >= rank)) return;
      best = { rank, found: { namespace, service: service.name, port } };
    };
    if (spec?.defaultBackend) offer(0, spec.defaultBackend);
    for (const rule of spec?.rules ?? []) {
      const byHost = hostRank(rule.host ?? '', host);
      if (byHost === 0) continue;
      for (const each of rule.http?.paths ?? []) {
        const byPath = pathRank(each.path ?? '/', each.pathType ?? 'ImplementationSpecific', path);
        if (byPath > 0) offer(byHost * 100_000 + byPath, each.backend);
      }
    }
  }
  return best?.found;
}

function hostRank(rule: string, host: string): number {
  if (rule === '') return 1;
  if (rule === host.toLowerCase()) return 3;
  // A wildcard stands for one label.
  return rule.startsWith('*.') && host.toLowerCase().replace(/^[^.]+/, '*') === rule ? 2 : 0;
}

function pathRank(rule: string, type: string, path: string): number {
  if (type === 'Exact') return rule === path ? 50_000 : 0;
  const prefix = rule.replace(/\/+$/, '');
  return prefix === '' || path === prefix || path.startsWith(`${prefix}/`) ? prefix.length + 1 : 0;
}
