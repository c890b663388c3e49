import { request } from 'node:https';
import { connect, type TLSSocket } from 'node:tls';
import { WebSocket } from 'ws';
import { Discovery } from '../../src/server/discovery.js';
import { Door } from '../../src/server/door.js';
import { openIdentity } from '../../src/server/identity.js';
import { Watches } from '../../src/server/watches.js';
import { podStreams } from '../../src/streams/index.js';
import { certificateAccess } from '../support/test-door.js';
import { type NodeCluster, nodeCluster } from './node-cluster.js';

export interface StreamDoor extends NodeCluster {
  /** Code and body. */
  get(path: string): Promise<{ code: number; text: string; message: string }>;
  websocket(path: string, protocol: string): WebSocket;
  /** After the answer to the upgrade; rejects with the code where it was refused. */
  upgrade(path: string, headers: readonly string[]): Promise<{ socket: TLSSocket; head: string }>;
  close(): Promise<void>;
}

const pods = '/api/v1/namespaces/default/pods';

/** A cluster whose pods run, behind the real door. Paths begin at a pod's name. */
export async function streamDoor(): Promise<StreamDoor> {
  const cluster = nodeCluster();
  const { api, clock, random, nodes } = cluster;
  const identity = openIdentity(undefined, Date.now());
  const watches = new Watches(api, clock, random);
  const streams = podStreams({ nodes, clock });
  const door = new Door(
    { api, access: certificateAccess, clock, watches, discovery: new Discovery(api.registry), formats: undefined, streams },
    identity,
  );
  const port = await door.listen(0);
  const secure = { host: '127.0.0.1', port, ca: identity.authority.certificate, cert: identity.admin.certificate, key: identity.admin.key };
  return {
    ...cluster,
    get: (path) =>
      new Promise((resolve, reject) => {
        const outgoing = request({ ...secure, path: `${pods}/${path}`, agent: false }, (response) => {
          const pieces: Buffer[] = [];
          response.on('data', (piece: Buffer) => pieces.push(piece));
          response.on('end', () => {
            const text = Buffer.concat(pieces).toString('utf8');
            const message = text.startsWith('{') ? String((JSON.parse(text) as { message?: string }).message) : '';
            resolve({ code: response.statusCode ?? 0, text, message });
          });
        });
        outgoing.on('error', reject);
        outgoing.end();
      }),
    websocket: (path, protocol) => new WebSocket(`wss://127.0.0.1:${port}${pods}/${path}`, [protocol], secure),
    upgrade: (path, headers) =>
      new Promise((resolve, reject) => {
        const socket = connect(secure, () => {
          const head = [`GET ${pods}/${path} HTTP/1.1`, 'Host: 127.0.0.1', 'Connection: Upgrade', ...headers];
          socket.write(`${head.join('\r\n')}\r\n\r\n`);
        });
        let answer = Buffer.alloc(0);
        const read = (piece: Buffer): void => {
          answer = Buffer.concat([answer, piece]);
          const end = answer.indexOf('\r\n\r\n');
          if (end === -1) return;
          socket.off('data', read);
          const head = answer.toString('latin1', 0, end);
          const code = head.split(' ')[1] ?? '';
          if (code !== '101') reject(new Error(code));
          socket.unshift(answer.subarray(end + 4));
          resolve({ socket, head });
        };
        socket.on('data', read);
        socket.on('error', reject);
      }),
    async close() {
      cluster.stop();
      await door.close();
    },
  };
}
