import { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WsMessageHandler } from '@nestjs/common';
import { Inject, Injectable, type WebSocketAdapter } from '@nestjs/common';
import { lastValueFrom, type Observable } from 'rxjs';
import { type WebSocket, WebSocketServer } from 'ws';
import { CLOCK, type Clock } from '../../platform/clock.js';
import { toAppError } from '../../platform/http/error.filter.js';
import { newId } from '../../platform/id.js';
import { LOGGER, type Logger } from '../../platform/logger.js';
import { LiveAdmission } from './live-admission.js';
import { LiveConnection } from './live-connection.js';
import { LiveConnections } from './live-connections.js';

const maxMessageBytes = 64 * 1024;
/** Messages of one socket that wait for their turn. */
const maxWaiting = 500;

/**
 * Nest's gateway over `ws`, without a server of its own: the front door hands over the upgrades of /api/v1/live and keeps all others (Nest's stock
 * adapter takes the server's `upgrade` event and destroys what it does not know). Messages of one socket are handled one after the other.
 */
@Injectable()
export class LiveWsAdapter implements WebSocketAdapter<EventEmitter, LiveConnection> {
  private readonly gateway = new EventEmitter();
  private readonly sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: maxMessageBytes,
    handleProtocols: () => false,
  });
  private readonly raw = new WeakMap<LiveConnection, WebSocket>();

  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly admission: LiveAdmission,
    private readonly connections: LiveConnections,
  ) {}

  /** Takes over an upgrade request for /api/v1/live. Owns the socket from here on, whatever comes. */
  handleUpgrade(req: IncomingMessage, socket: Duplex, head: Buffer): void {
    const drop = () => socket.destroy();
    socket.on('error', drop);
    void this.upgrade(req, socket, head).then(() => socket.off('error', drop)); // never rejects
  }

  /** Ends every live socket: an HTTP server does not close while one is open. */
  closeAll(): void {
    this.connections.closeAll();
  }

  create(): EventEmitter {
    return this.gateway;
  }

  bindClientConnect(gateway: EventEmitter, connected: (connection: LiveConnection) => void): void {
    gateway.on('connection', connected);
  }

  bindClientDisconnect(connection: LiveConnection, disconnected: () => void): void {
    this.raw.get(connection)?.on('close', disconnected);
  }

  bindMessageHandlers(connection: LiveConnection, handlers: WsMessageHandler[], transform: (answer: unknown) => Observable<unknown>): void {
    const byType = new Map(handlers.map((handler) => [handler.message, handler.callback]));
    let waiting = 0;
    // With an interceptor a handler runs only when its answer is subscribed to, which `transform` prepares.
    let last: Promise<unknown> = Promise.resolve();
    this.raw.get(connection)?.on('message', (data, isBinary) => {
      const message = connection.read(data, isBinary);
      if (!message) return;
      if (++waiting > maxWaiting) return connection.close(1013, 'too many messages wait');
      last = last
        .then(() => lastValueFrom(transform(byType.get(message.type)?.(message, message.type)), { defaultValue: undefined }))
        .catch((error: unknown) => this.logger.error({ error }, 'a live message failed'))
        .finally(() => waiting--);
    });
  }

  close(gateway: EventEmitter): void {
    gateway.removeAllListeners();
    this.connections.closeAll();
  }

  /** Nest asks for it at shutdown; `close` has done everything. */
  dispose(): void {}

  private async upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    try {
      const { caller, peer } = await this.admission.admit(req);
      if (socket.destroyed) return;
      this.admission.checkRoom(caller);
      this.sockets.handleUpgrade(req, socket, head, (websocket) => {
        const connection = new LiveConnection(websocket, caller, peer, this.clock);
        websocket.on('error', () => {}); // `close` follows
        websocket.on('pong', () => connection.heard());
        websocket.on('close', (code) => {
          const comesBack = !connection.closed && code !== 1000 && code !== 1001;
          connection.close(1000, '');
          this.connections.gone(connection, comesBack);
        });
        this.raw.set(connection, websocket);
        this.connections.add(connection);
        this.gateway.emit('connection', connection);
      });
    } catch (error) {
      const known = toAppError(error);
      if (known.status >= 500) this.logger.error({ code: known.code, error: known.cause ?? known }, 'a live socket could not be opened');
      refuse(socket, known.status, JSON.stringify(known.toBody(newId())));
    }
  }
}

function refuse(socket: Duplex, status: number, body: string): void {
  if (socket.destroyed) return;
  const head = [
    `HTTP/1.1 ${status} Refused`,
    'content-type: application/json; charset=utf-8',
    'cache-control: no-store',
    'connection: close',
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
