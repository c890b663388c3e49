import type { AppSecret } from '@fairlead/shared';
import { Inject, Injectable } from '@nestjs/common';
import { DATABASE, type Database } from '../../../platform/database.js';
import { type AppRecord, AppStore, specOf } from '../app-store.js';
import { ownSecretsOf } from './given-secrets.js';

/** What is told of an app's secrets: who gave each one's value, and when, as the revisions remember it. */
@Injectable()
export class SecretNames {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly store: AppStore,
  ) {}

  async of(app: AppRecord): Promise<AppSecret[]> {
    const secrets = ownSecretsOf(specOf(await this.store.current(app)));
    if (secrets.length === 0) return [];
    const first = await this.database.$queryRaw<{ name: string; hash: string; number: number; author: string; at: Date }[]>`
      SELECT DISTINCT ON (s->>'name', s->>'hash')
             s->>'name' AS name, s->>'hash' AS hash, r.number, r.author_name AS author, r.created_at AS at
      FROM revisions r, jsonb_array_elements(r.spec->'ownSecrets') s
      WHERE r.app_id = ${app.id}::uuid AND jsonb_typeof(r.spec->'ownSecrets') = 'array'
      ORDER BY s->>'name', s->>'hash', r.number`;
    return secrets.flatMap(({ name, hash = '', env, path }) => {
      const set = first.find((each) => each.name === name && each.hash === hash);
      if (!set) return [];
      return [
        { name, hash: hash.slice(0, 8), env, path: path ?? null, setAt: set.at.toISOString(), setBy: set.author, revision: set.number },
      ];
    });
  }
}
