export { AuditModule } from './audit.module.js';
export { type AuditHandle, AuditLog } from './audit-log.js';
export { type AuditFilter, readAudit } from './audit-reader.js';
export { canonicalJson } from './canonical-json.js';
export { type AuditActor, type AuditEnd, type AuditStart, anonymous, type Door } from './entry.js';
