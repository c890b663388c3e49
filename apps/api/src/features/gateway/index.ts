export { Gateway } from './gateway.js';
export { GatewayModule } from './gateway.module.js';
export { isPodSocket } from './target.js';
