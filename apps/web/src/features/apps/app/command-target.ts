import type { App } from '@fairlead/shared';
import type { CommandTarget } from '../commands';

/** Where commands for an app go. */
export const commandTarget = (app: App): CommandTarget => ({
  project: app.project.name,
  app: app.name,
  cluster: app.cluster.name,
  namespace: app.namespace,
  workload: app.workload,
});
