export { AuditLog, type AuditHandle } from './audit-log.js';
export { AuditModule } from './audit.module.js';
export { anonymous, type AuditActor, type AuditEnd, type AuditStart, type Door, systemActor } from './entry.js';
export { type AuditFilter, readAudit } from './audit-reader.js';
export { canonicalJson } from './canonical-json.js';
