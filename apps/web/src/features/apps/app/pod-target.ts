'use client';
import { useMemo } from 'react';
import { useApp } from './app-context';

/** The app of the page as its pods' pages need it. */
export function usePodTarget() {
  const { app } = useApp();
  const { id, name, workload, namespace } = app;
  const project = app.project.name;
  const cluster = app.cluster.name;
  return useMemo(
    () => ({ project, appId: id, app: name, cluster, namespace, workload: workload?.name ?? name }),
    [project, id, name, cluster, namespace, workload?.name],
  );
}
