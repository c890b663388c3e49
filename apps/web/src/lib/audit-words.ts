import type { AuditEntry } from '@fairlead/shared';
import { formatAbsolute, type Zone } from './format';
import { paths } from './paths';

type Where = Pick<AuditEntry, 'project' | 'cluster' | 'namespace' | 'resource' | 'name'>;

/** On what an act was: "shop/web", "prod · default/pods/web-1", "shop"; null when on nothing in particular. */
export function objectOf({ project, cluster, namespace, resource, name }: Where): string | null {
  if (project) return name && name !== project.name ? `${project.name}/${name}` : project.name;
  const object = [namespace, resource, name].filter(Boolean).join('/');
  if (cluster) return object && object !== cluster.name ? `${cluster.name} · ${object}` : cluster.name;
  return name ?? resource;
}

/** The page of what an act was on, when there is one. */
export function linkOf({ project, cluster, resource, name }: Where): string | null {
  if (project && name && resource === 'apps') return paths.app(project.name, name);
  if (project) return paths.apps(project.name);
  return cluster ? paths.cluster(cluster.name) : null;
}

const iso = /\b\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z/g;

/** A summary with its times as people read them. */
export const readable = (summary: string, zone: Zone): string => summary.replace(iso, (time) => formatAbsolute(time, zone));
