import type { AppStatus } from '@fairlead/shared';
import { Injectable } from '@nestjs/common';
import type { Caller } from '../../auth/index.js';
import type { AppWithRevisions } from '../app-store.js';
import { AppWatch } from './app-watch.js';
import { KnownApps, knownApp } from './known-apps.js';
import { Sight } from './sight.js';

/** The status of apps for a request: the same derivation that the live topics tell. */
@Injectable()
export class AppStatuses {
  constructor(
    private readonly watch: AppWatch,
    private readonly known: KnownApps,
    private readonly sight: Sight,
  ) {}

  /** Left out where the cluster has not been heard yet, or does not let the caller see. */
  async of(caller: Caller, rows: readonly AppWithRevisions[]): Promise<Map<string, AppStatus>> {
    await this.watch.glance(new Set(rows.map(({ app }) => app.clusterId)));
    const found = new Map<string, AppStatus>();
    for (const row of rows) {
      // The row was read after whatever was just done; the shared one may lag by a notification.
      const fresh = knownApp(row);
      const shared = this.known.get(row.app.id);
      const app = shared && JSON.stringify(shared.wish) === JSON.stringify(fresh.wish) ? shared : fresh;
      if ((await this.sight.may(caller, app.cluster.id, app.namespace)) !== true) continue;
      const status = this.watch.status(app);
      if (status) found.set(app.id, status);
    }
    return found;
  }
}
