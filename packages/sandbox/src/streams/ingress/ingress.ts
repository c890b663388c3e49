import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Nodes } from '../../kubelet/index.js';
import type { Lookup } from '../../kubelet/setting/environment.js';
import type { Clock } from '../../machinery/clock.js';
import { answerWith } from '../pod-port.js';
import { type Ingress, route } from './route.js';

export interface IngressContext {
  api: Lookup;
  nodes: Nodes;
  clock: Clock;
  /** The class whose Ingresses are served; those without a class are as well. */
  className?: string;
}

export interface IngressDoor {
  port: number;
  close(): Promise<void>;
}

/** Serves the cluster's Ingresses on 127.0.0.1, by Host header and path. 404 where no rule fits, 503 where nothing is ready behind one. */
export function openIngress(context: IngressContext, port: number): Promise<IngressDoor> {
  const server = createServer((request, response) => void serve(context, request, response)); // answers every error itself
  server.requestTimeout = 60_000;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      resolve({
        port: (server.address() as AddressInfo).port,
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            server.closeAllConnections();
          }),
      });
    });
  });
}

async function serve(
  { api, nodes, clock, className = 'sandbox' }: IngressContext,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const host = (request.headers.host ?? '').replace(/:\d+$/, '');
  const path = (request.url ?? '/').split('?')[0] ?? '/';
  const ingresses = (api.list('ingresses.networking.k8s.io') as unknown as readonly Ingress[]).filter(
    (each) => (each.spec?.ingressClassName ?? className) === className,
  );
  const found = route(ingresses, host, path);
  if (!found) return plain(response, 404, 'default backend - 404');
  const service = nodes.network.service(found.namespace, found.service);
  const number = service?.spec?.ports?.find((each) => each.port === found.port || each.name === found.port)?.port;
  const reached = service && number !== undefined ? nodes.network.reachService(service, number) : undefined;
  if (reached?.is !== 'open' || reached.speaks !== 'http') return plain(response, 503, 'service temporarily unavailable');
  await answerWith(reached.ask, request, response, clock, request.socket.remoteAddress ?? '127.0.0.1');
}

function plain(response: ServerResponse, code: number, text: string): void {
  response.writeHead(code, { 'Content-Type': 'text/plain; charset=utf-8' });
  response.end(`${text}\n`);
}
