import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { badRequest, status } from '@fairlead/kube';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { CONFIG, type Config } from '../../platform/config.js';
import { isTls } from '../../platform/http/request.js';
import { LOGGER, type Logger } from '../../platform/logger.js';
import { PodSessions } from '../../platform/pod-sessions.js';
import { Admission, type Admitted } from './admission.js';
import { responseOn, sendStatus } from './answers.js';
import { Forward } from './forward.js';
import { LocalAnswers } from './local-answers.js';
import { OpenStreams } from './open-streams.js';
import { isPodSocket } from './target.js';
import { Upgrade } from './upgrade.js';
import { upstreamHeaders } from './upstream-headers.js';
import { ClusterAgents, GATEWAY_UPSTREAMS, type GatewayUpstreams, hostHeader } from './upstreams.js';

interface Dial {
  host: string;
  port: number;
  path: string;
  headers: string[];
}

/** Kubernetes' API through Fairlead: `/k8s/<cluster>/…` for kubectl, and the dashboard's pod sockets. See README.md. */
@Injectable()
export class Gateway implements OnModuleDestroy {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(GATEWAY_UPSTREAMS) private readonly upstreams: GatewayUpstreams,
    private readonly agents: ClusterAgents,
    private readonly admission: Admission,
    private readonly local: LocalAnswers,
    private readonly streams: OpenStreams,
    private readonly sessions: PodSessions,
  ) {}

  onModuleDestroy(): void {
    this.agents.close();
  }

  /** Ends every request and stream under way; the door waits a moment for what they have to say. */
  endAll(): void {
    this.streams.endAll();
  }

  /** Everything below /k8s/ that does not ask for an upgrade. */
  handleRequest(req: IncomingMessage, res: ServerResponse): void {
    if (!this.isConfidential(req)) {
      sendStatus(res, plainHttp, null, req.method);
      return;
    }
    this.serve(req, res).catch((error: unknown) => this.panicked(res, error));
  }

  /** Upgrades below /k8s/ and of pod sockets. */
  handleUpgrade(req: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => {}); // its close follows
    const web = isPodSocket(req.url ?? '');
    if (!web && !this.isConfidential(req)) {
      sendStatus(responseOn(req, socket), plainHttp, null);
      return;
    }
    this.serveUpgrade(req, socket, head, web ? 'web' : 'kubectl').catch((error: unknown) => {
      this.logger.error({ error }, 'the gateway failed');
      socket.destroy();
    });
  }

  private async serve(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const admitted = await this.admission.admit(req, 'kubectl', false);
    if ('refused' in admitted) return sendStatus(res, admitted.refused, admitted.id, req.method);
    try {
      if (this.local.handles(admitted)) return await this.local.answer(req, res, admitted);
      await this.forward(req, res, admitted);
    } catch (error) {
      this.failed(res, admitted, error);
    }
  }

  private async forward(req: IncomingMessage, res: ServerResponse, admitted: Admitted): Promise<void> {
    const upstream = await this.upstreams.upstream(admitted.cluster.id);
    if (!upstream.gate.open) return this.closed(res, admitted, upstream.gate.reason);
    const dial = await this.dial(admitted, upstream);
    if (res.destroyed) return admitted.end({ status: null, cause: 'the client went away' });
    const { id, kind, target, caller, cluster } = admitted;
    const forward = new Forward(
      req,
      res,
      {
        ...dial,
        id,
        connections: this.agents.connections(cluster.id, upstream),
        method: req.method ?? 'GET',
        hasBody: admitted.headers.hasBody,
        isWatch: target.info.verb === 'watch',
        isStream: kind === 'stream',
      },
      (end) => {
        remove();
        admitted.end(end);
      },
      // A read's entry need not be durable first; its end is recorded as well.
      () => void admitted.started().catch(() => {}),
    );
    const remove = this.streams.add({
      caller,
      cluster,
      attributes: target.info,
      sweep: kind === 'stream',
      end: (reason, cause) => forward.end(reason, cause),
    });
    forward.run();
  }

  private async serveUpgrade(req: IncomingMessage, socket: Duplex, head: Buffer, door: 'kubectl' | 'web'): Promise<void> {
    const admitted = await this.admission.admit(req, door, true);
    if ('refused' in admitted) return sendStatus(responseOn(req, socket), admitted.refused, admitted.id);
    try {
      const upstream = await this.upstreams.upstream(admitted.cluster.id);
      if (!upstream.gate.open) return this.closed(responseOn(req, socket), admitted, upstream.gate.reason);
      const protocol = admitted.headers.upgrade ?? '';
      const dial = await this.dial(admitted, upstream, protocol === 'spdy/3.1' ? 'SPDY/3.1' : protocol);
      if (socket.destroyed) return admitted.end({ status: null, cause: 'the client went away' });
      const { id, target, caller, cluster } = admitted;
      const ask = { ...dial, id, agent: this.agents.single(upstream), method: req.method ?? 'GET', protocol };
      const { namespace, name: pod, subresource } = target.info;
      const session = subresource === 'attach' ? this.sessions.begin({ clusterId: cluster.id, namespace, pod }) : null;
      const upgrade = new Upgrade(
        req,
        socket,
        head,
        { ...ask, ...(session && { heard: session.heard }) },
        (end) => {
          session?.end();
          remove();
          admitted.end(end);
        },
        () => admitted.started(),
      );
      const remove = this.streams.add({
        caller,
        cluster,
        attributes: target.info,
        sweep: true,
        end: (reason, cause) => upgrade.end(reason, cause),
      });
      upgrade.run();
    } catch (error) {
      this.failed(responseOn(req, socket), admitted, error);
    }
  }

  private async dial(admitted: Admitted, upstream: Awaited<ReturnType<GatewayUpstreams['upstream']>>, upgrade?: string): Promise<Dial> {
    const { caller, id, sourceAddress, target } = admitted;
    const { host, port, pathPrefix } = upstream;
    const authorization = await upstream.authorization();
    const headers = upstreamHeaders({
      client: admitted.headers,
      caller,
      host: hostHeader(host, port),
      authorization,
      auditId: id,
      sourceAddress,
      upgrade,
    });
    return { host, port, path: pathPrefix + target.target.target, headers };
  }

  /** kubectl sends no credential over plain http, and nothing else should. A trusted proxy may say that TLS ended at it. */
  private isConfidential(req: IncomingMessage): boolean {
    if (isTls(req)) return true;
    const peer = (req.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
    return this.config.trustedProxies.includes(peer) && req.headers['x-forwarded-proto'] === 'https';
  }

  private closed(res: ServerResponse, admitted: Admitted, reason: string): void {
    admitted.end({ outcome: 'failed', status: 503, reason: `the cluster is not ready: ${reason}` });
    sendStatus(
      res,
      status(503, 'ServiceUnavailable', `the cluster ${admitted.cluster.name} is not ready for this: ${reason}`),
      admitted.id,
    );
  }

  private failed(res: ServerResponse, admitted: Admitted, error: unknown): void {
    this.logger.warn({ error, requestId: admitted.id }, 'a cluster could not be asked');
    admitted.end({ outcome: 'failed', status: 502, reason: 'the cluster could not be asked' });
    sendStatus(res, status(502, 'BadGateway', 'the cluster does not answer'), admitted.id);
  }

  private panicked(res: ServerResponse, error: unknown): void {
    this.logger.error({ error }, 'the gateway failed');
    sendStatus(res, status(500, 'InternalError', 'something failed inside Fairlead'), null);
  }
}

const plainHttp = badRequest('this is plain HTTP: use https:// for /k8s/, as in the kubeconfig that Fairlead gives you');
