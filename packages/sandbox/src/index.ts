export { type Clock, systemClock } from './machinery/clock.js';
export { VirtualClock } from './machinery/virtual-clock.js';
export { createSandbox, type Sandbox, type SandboxOptions } from './sandbox.js';
