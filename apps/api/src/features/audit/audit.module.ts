import { type BeforeApplicationShutdown, Global, Inject, Module } from '@nestjs/common';
import { CLOCK, type Clock } from '../../platform/clock.js';
import { DATABASE, type Database } from '../../platform/database.js';
import { LOGGER, type Logger } from '../../platform/logger.js';
import { AuditLog } from './audit-log.js';

@Global()
@Module({
  providers: [
    {
      provide: AuditLog,
      inject: [DATABASE, CLOCK, LOGGER],
      useFactory: (database: Database, clock: Clock, logger: Logger) => new AuditLog(database, clock, logger),
    },
  ],
  exports: [AuditLog],
})
export class AuditModule implements BeforeApplicationShutdown {
  constructor(@Inject(AuditLog) private readonly log: AuditLog) {}

  // After streams have ended (onModuleDestroy), before the database goes (onApplicationShutdown).
  async beforeApplicationShutdown(): Promise<void> {
    await this.log.close();
  }
}
