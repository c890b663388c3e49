export { Gateway } from './gateway.js';
export { GatewayModule } from './gateway.module.js';
export type { OpenStream } from './open-streams.js';
export { OpenStreams, reviewOf } from './open-streams.js';
export { PodPorts } from './pod-ports.js';
export { PortRefused } from './port-stream.js';
export { isPodSocket } from './target.js';
