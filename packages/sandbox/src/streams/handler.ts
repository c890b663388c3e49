import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Stored } from '../machinery/object.js';
import type { UserInfo } from '../machinery/user.js';

/** A request for a connect subresource, after rights and admission were asked. */
export interface ConnectRequest {
  /** The pod, service or node. */
  parent: Stored;
  subresource: string;
  query: URLSearchParams;
  /** What follows `…/proxy/`, with its leading slash. */
  path: string;
  user: UserInfo;
  request: IncomingMessage;
}

/** Answers log, exec, attach, portforward and proxy. ApiErrors may be thrown before the first byte; the door turns them into a Status. */
export interface ConnectHandler {
  http(connect: ConnectRequest, response: ServerResponse): void | Promise<void>;
  /** For requests with `Connection: Upgrade`: WebSocket and SPDY. Owns the socket from here on. */
  upgrade(connect: ConnectRequest, socket: Duplex, head: Buffer): void | Promise<void>;
}
