export { LiveModule } from './live.module.js';
export { LiveWsAdapter } from './live-ws.adapter.js';
