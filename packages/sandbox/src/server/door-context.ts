import type { RequestApi } from '../api/create-api.js';
import type { Clock } from '../machinery/clock.js';
import type { ConnectHandler } from '../streams/handler.js';
import type { Access } from './access.js';
import type { Discovery } from './discovery.js';
import type { Formats } from './formats.js';
import type { Watches } from './watches.js';

/** What the handlers behind the door work with. */
export interface DoorContext {
  readonly api: RequestApi;
  readonly access: Access;
  readonly clock: Clock;
  readonly watches: Watches;
  readonly discovery: Discovery;
  readonly formats: Formats | undefined;
  readonly streams: ConnectHandler | undefined;
}
