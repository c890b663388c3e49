import type { IncomingMessage } from 'node:http';
import { KubeError, resourcePath, statusOfResponse } from '@fairlead/kube';
import { Inject, Injectable } from '@nestjs/common';
import { WebSocket } from 'ws';
import { AppError } from '../../platform/app-error.js';
import type { Caller } from '../auth/index.js';
import { PortStream } from './port-stream.js';
import { upstreamHeaders } from './upstream-headers.js';
import { ClusterAgents, GATEWAY_UPSTREAMS, type GatewayUpstreams, hostHeader } from './upstreams.js';

export interface PodPort {
  cluster: { id: string; name: string };
  namespace: string;
  pod: string;
  port: number;
}

const connectMs = 10_000;
const maxRefusalBytes = 64 * 1024;
const maxMessageBytes = 32 * 1024 * 1024;

/** Connections to ports of pods, as the caller: whoever asks has judged the right and keeps the audit. */
@Injectable()
export class PodPorts {
  constructor(
    @Inject(GATEWAY_UPSTREAMS) private readonly upstreams: GatewayUpstreams,
    private readonly agents: ClusterAgents,
  ) {}

  /** @throws KubeError with the cluster's own no, AppError cluster_not_ready, Error when it does not answer in 10 s */
  async dial(
    caller: Caller,
    { cluster, namespace, pod, port }: PodPort,
    by: { auditId: string; sourceAddress: string },
    onBytes: (bytesIn: number, bytesOut: number) => void,
  ): Promise<PortStream> {
    const upstream = await this.upstreams.upstream(cluster.id);
    if (!upstream.gate.open) throw new AppError('cluster_not_ready', { cluster: cluster.name, reason: upstream.gate.reason });
    const host = hostHeader(upstream.host, upstream.port);
    const flat = upstreamHeaders({
      client: { pairs: [] },
      caller,
      host,
      authorization: await upstream.authorization(),
      ...by,
    });
    const path = resourcePath({ group: '', version: 'v1', resource: 'pods', namespace, name: pod, subresource: 'portforward' });
    const websocket = new WebSocket(`wss://${host}${upstream.pathPrefix}${path}?ports=${port}`, ['v4.channel.k8s.io'], {
      agent: this.agents.single(upstream),
      headers: pairs(flat),
      perMessageDeflate: false,
      followRedirects: false,
      handshakeTimeout: connectMs,
      maxPayload: maxMessageBytes,
    });
    // Before the handshake ends: the first messages may come with its answer.
    const stream = new PortStream(websocket, onBytes);
    stream.on('error', () => {}); // told by the promise, and later by whoever uses it
    await new Promise<void>((resolve, reject) => {
      websocket.once('open', resolve);
      websocket.once('unexpected-response', (_, answer: IncomingMessage) => {
        void refusalOf(answer).then((refusal) => {
          reject(refusal);
          stream.destroy();
        });
      });
      stream.once('error', reject);
      stream.once('close', () => reject(new Error('the connection to the cluster was lost')));
    });
    return stream;
  }
}

function pairs(flat: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let i = 0; i < flat.length; i += 2) headers[flat[i]!] = flat[i + 1]!;
  return headers;
}

async function refusalOf(answer: IncomingMessage): Promise<KubeError> {
  let text = '';
  try {
    for await (const chunk of answer) {
      text += String(chunk);
      if (text.length > maxRefusalBytes) break;
    }
  } catch {
    // what was read has to do
  }
  return new KubeError(statusOfResponse(answer.statusCode ?? 502, text));
}
