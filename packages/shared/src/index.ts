export * from './contract/index.js';
export * from './errors.js';
export * from './id.js';
export * from './live/apply-changes.js';
export * from './live/protocol.js';
export * from './live/topics.js';
export * from './permissions.js';
export * from './sockets.js';
