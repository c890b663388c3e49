import type { Readable } from 'node:stream';
import { exportAudit, getAuditEntry, listAudit } from '@fairlead/shared';
import { Controller, StreamableFile } from '@nestjs/common';
import { type Answer, Implements, type ParamsOf, type QueryOf } from '../../platform/http/implements.js';
import type { Caller } from '../auth/index.js';
import { AuditViewService } from './audit-view.service.js';

@Controller()
export class AuditViewController {
  constructor(private readonly view: AuditViewService) {}

  @Implements(exportAudit)
  export(caller: Caller, _params: unknown, query: QueryOf<typeof exportAudit>): StreamableFile {
    const lines: Readable = this.view.export(caller, query);
    return new StreamableFile(lines, { type: 'application/x-ndjson', disposition: 'attachment; filename="fairlead-audit.ndjson"' });
  }

  @Implements(listAudit)
  list(caller: Caller, _params: unknown, query: QueryOf<typeof listAudit>): Answer<typeof listAudit> {
    return this.view.list(caller, query);
  }

  @Implements(getAuditEntry)
  get(caller: Caller, { entry }: ParamsOf<typeof getAuditEntry>): Answer<typeof getAuditEntry> {
    return this.view.get(caller, entry);
  }
}
