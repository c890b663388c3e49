import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Application } from './create-application.js';
import { LiveWsAdapter } from './features/live/index.js';
import type { Config } from './platform/config.js';
import { Origins } from './platform/http/origins.js';

export interface Door {
  /** The one public origin. */
  publicUrl: string;
  /** The same place over TLS. */
  tlsUrl: string;
  close(): Promise<void>;
}

/** The one port that Fairlead listens on. */
export async function openDoor({ app, api }: Application, config: Config): Promise<Door> {
  const server = createServer(api);
  const live = app.get(LiveWsAdapter);
  server.on('upgrade', (req, socket, head) => {
    if (req.url?.split('?')[0] === '/api/v1/live') live.handleUpgrade(req, socket, head);
    else socket.destroy();
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(config.port, config.host, resolve));
  const origins = app.get(Origins);
  origins.set(config.publicUrl, (server.address() as AddressInfo).port);
  return {
    publicUrl: origins.publicUrl,
    tlsUrl: origins.tlsUrl,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        live.closeAll();
        server.closeAllConnections();
      }),
  };
}
