export { PortsModule } from './ports.module.js';
export { PortsDoor } from './ports-door.js';
