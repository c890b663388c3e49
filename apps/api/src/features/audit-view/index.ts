import { Module } from '@nestjs/common';
import { AuditViewController } from './audit-view.controller.js';
import { AuditViewService } from './audit-view.service.js';

/** Reading the audit log through the API. Apart from `audit`, which every feature writes to and which knows no caller. */
@Module({ controllers: [AuditViewController], providers: [AuditViewService] })
export class AuditViewModule {}
