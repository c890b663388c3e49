import type { ProjectCall } from '../access/index.js';
import type { Caller } from '../auth/index.js';
import type { AppRecord } from './app-store.js';
import type { AppsService } from './apps.service.js';

/** The app of the path, noted for the audit. @throws AppError not_found, ambiguous_name */
export async function appOfCall(
  apps: AppsService,
  caller: Caller,
  { app: ref }: { app: string },
  { project, note, query }: ProjectCall,
): Promise<AppRecord> {
  note.name = ref;
  const { cluster, namespace } = query as { cluster?: string; namespace?: string };
  const app = await apps.find(caller, project, ref, { cluster, namespace });
  Object.assign(note, { name: app.name, cluster: app.cluster, namespace: app.namespace });
  return app;
}
