// What both ends of a Kubernetes API speak: names, selectors, the readings of requests, statuses, streams. Without a client, so that whoever is a server
// loads none.
export * from './canonical-target.js';
export * from './names.js';
export * from './objects.js';
export * from './quantity.js';
export * from './request-info.js';
export * from './selector.js';
export * from './status.js';
export * from './stream-channels.js';
export * from './strict-yaml.js';
