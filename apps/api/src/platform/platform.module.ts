import { type DynamicModule, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import type pg from 'pg';
import { CLOCK, type Clock } from './clock.js';
import { CONFIG, type Config } from './config.js';
import { createDatabase, DATABASE, type Database } from './database.js';
import { Happenings } from './happenings.js';
import { DoorAuthority } from './http/door-authority.js';
import { ErrorFilter } from './http/error.filter.js';
import { Origins } from './http/origins.js';
import { LiveTopics } from './live-topic.js';
import { LOGGER, type Logger } from './logger.js';
import { PgEvents } from './pg-events.js';
import { createPool, PG_POOL } from './pg-pool.js';
import { PodSessions } from './pod-sessions.js';
import { Sealer } from './sealer.js';

interface Ground {
  config: Config;
  clock: Clock;
  logger: Logger;
  secretKey: Buffer;
}

/** What every feature stands on. Connections are opened here and closed after every feature has shut down. */
@Module({})
export class PlatformModule implements OnApplicationShutdown {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(PG_POOL) private readonly pool: pg.Pool,
    private readonly events: PgEvents,
  ) {}

  static with({ config, clock, logger, secretKey }: Ground): DynamicModule {
    const providers = [
      { provide: CONFIG, useValue: config },
      { provide: CLOCK, useValue: clock },
      { provide: LOGGER, useValue: logger },
      { provide: DATABASE, useFactory: () => createDatabase(config.databaseUrl) },
      { provide: PG_POOL, useFactory: () => createPool(config.databaseUrl) },
      {
        provide: PgEvents,
        useFactory: async () => {
          const events = new PgEvents(config.databaseUrl, clock, logger);
          await events.start();
          return events;
        },
      },
      { provide: Sealer, useValue: new Sealer(secretKey) },
      Origins,
      DoorAuthority,
      LiveTopics,
      Happenings,
      PodSessions,
      ErrorFilter,
    ];
    return { module: PlatformModule, global: true, providers, exports: providers };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.events.stop();
    await this.pool.end();
    await this.database.$disconnect();
  }
}
