export type { AppRecord } from './app-store.js';
export { AppsModule } from './apps.module.js';
export { AppsService } from './apps.service.js';
export { AppPorts } from './ports/app-ports.js';
