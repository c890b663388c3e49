export * from './client.js';
export * from './connection.js';
export * from './errors.js';
export * from './impersonation.js';
export * from './objects.js';
export * from './paths.js';
export * from './status.js';
export type { HttpMethod } from './transport.js';
