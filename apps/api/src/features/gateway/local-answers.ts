import type { IncomingMessage, ServerResponse } from 'node:http';
import { badRequest, KubeError, type Status, status, tooLarge } from '@fairlead/kube';
import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '../../platform/clock.js';
import { visibleNamespaces } from '../access/index.js';
import type { Caller } from '../auth/index.js';
import type { Admitted } from './admission.js';
import { sendStatus } from './answers.js';
import { exchange } from './exchange.js';
import { namespacesPath, VisibleEvents, visibleList, wantedForm } from './namespace-list.js';
import { OpenStreams } from './open-streams.js';
import { readProtobufReview } from './protobuf-review.js';
import { readBody } from './read-body.js';
import { accessAnswer, judgeAccess, narrowRules, parseJson, readAccessReview, readRulesReview } from './self-review.js';
import { upstreamHeaders } from './upstream-headers.js';
import { ClusterAgents, GATEWAY_UPSTREAMS, type GatewayUpstreams, hostHeader } from './upstreams.js';

const maxReviewBytes = 64 * 1024;

/** What the gateway answers by itself, or with the cluster's answer cut down to the caller's rights: reviews of oneself, and the list of namespaces. */
@Injectable()
export class LocalAnswers {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(GATEWAY_UPSTREAMS) private readonly upstreams: GatewayUpstreams,
    private readonly agents: ClusterAgents,
    private readonly streams: OpenStreams,
  ) {}

  /** Is this one of them? */
  handles({ decision, target: { info } }: Admitted): boolean {
    return decision.answeredBy === 'fairlead' || (decision.class === 'self' && info.resource !== 'selfsubjectreviews');
  }

  async answer(req: IncomingMessage, res: ServerResponse, admitted: Admitted): Promise<void> {
    const { decision, target } = admitted;
    if (decision.answeredBy === 'fairlead')
      return target.info.verb === 'watch' ? this.watchNamespaces(res, admitted) : this.listNamespaces(res, admitted);
    const body = await readBody(req, maxReviewBytes);
    if (body === null) return this.refuse(res, admitted, tooLarge('a review is at most 64 kB'));
    const type = req.headers['content-type'] ?? '';
    if (/^application\/vnd\.kubernetes\.protobuf(;|$)/.test(type)) return this.review(res, admitted, readProtobufReview(body));
    if (/^application\/json(;|$)/.test(type)) return this.review(res, admitted, parseJson(body.toString('utf8')));
    return this.refuse(res, admitted, status(415, 'UnsupportedMediaType', 'reviews are read as JSON or Kubernetes protobuf'));
  }

  private review(res: ServerResponse, admitted: Admitted, value: unknown): Promise<void> {
    return admitted.target.info.resource === 'selfsubjectaccessreviews'
      ? this.reviewAccess(res, admitted, value)
      : this.reviewRules(res, admitted, value);
  }

  private async reviewAccess(res: ServerResponse, admitted: Admitted, value: unknown): Promise<void> {
    const review = readAccessReview(value);
    if (!review) return this.refuse(res, admitted, badRequest('the review cannot be read'));
    const verdict = judgeAccess(admitted.caller, admitted.cluster, review, this.clock.now());
    if (verdict.kind === 'answer')
      return this.send(res, admitted, 201, JSON.stringify(accessAnswer(review, verdict.allowed, verdict.reason)));
    // What was judged is what is asked, not the text that came.
    const answer = await this.ask(admitted, JSON.stringify(review));
    this.send(res, admitted, answer.status, answer.body);
  }

  private async reviewRules(res: ServerResponse, admitted: Admitted, value: unknown): Promise<void> {
    const review = readRulesReview(value);
    if (!review) return this.refuse(res, admitted, badRequest('the review cannot be read'));
    const answer = await this.ask(admitted, JSON.stringify(review));
    if (answer.status !== 201) return this.send(res, admitted, answer.status, answer.body);
    const narrowed = narrowRules(admitted.caller, admitted.cluster, review.spec.namespace, answer.body, this.clock.now());
    if (!narrowed) return this.refuse(res, admitted, status(502, 'BadGateway', 'the cluster sent an answer that cannot be read'));
    this.send(res, admitted, 201, JSON.stringify(narrowed));
  }

  /** As the caller. */
  private async ask(admitted: Admitted, body: string): Promise<{ status: number; body: string }> {
    const { caller, cluster, target, id, sourceAddress } = admitted;
    const upstream = await this.upstreams.upstream(cluster.id);
    const client = {
      ...admitted.headers,
      pairs: [
        ['accept', 'application/json'],
        ['content-type', 'application/json'],
        ['content-length', String(Buffer.byteLength(body))],
      ] as [string, string][],
    };
    const host = hostHeader(upstream.host, upstream.port);
    const headers = upstreamHeaders({ client, caller, host, authorization: await upstream.authorization(), auditId: id, sourceAddress });
    return exchange(this.agents.connections(cluster.id, upstream), {
      path: upstream.pathPrefix + target.target.target,
      method: 'POST',
      headers,
      body,
    });
  }

  private async listNamespaces(res: ServerResponse, admitted: Admitted): Promise<void> {
    const chunks: Uint8Array[] = [];
    try {
      for await (const chunk of await this.openNamespaces(admitted)) chunks.push(chunk);
    } catch (error) {
      if (error instanceof KubeError) return this.refuse(res, admitted, error.status);
      throw error;
    }
    const list = visibleList(
      JSON.parse(Buffer.concat(chunks).toString('utf8')),
      this.visible(() => admitted.caller, admitted.cluster.id),
    );
    this.send(res, admitted, 200, JSON.stringify(list));
  }

  private async watchNamespaces(res: ServerResponse, admitted: Admitted): Promise<void> {
    const stopped = new AbortController();
    const { caller, cluster, target } = admitted;
    let bytesOut = 0;
    let cause: string | null = null;
    let outcome: 'allowed' | 'refused' | 'failed' = 'allowed';
    const stream = {
      caller,
      cluster,
      attributes: target.info,
      sweep: false,
      end: (reason: Status, why: string) => {
        cause = why;
        outcome = 'refused';
        res.end(`${JSON.stringify({ type: 'ERROR', object: reason })}\n`);
        stopped.abort();
      },
    };
    const remove = this.streams.add(stream);
    res.once('close', () => stopped.abort());
    const events = new VisibleEvents(this.visible(() => stream.caller, cluster.id));
    try {
      const source = await this.openNamespaces(admitted, stopped.signal);
      res.writeHead(200, {
        'content-type': 'application/json',
        'cache-control': 'no-cache, private',
        'audit-id': admitted.id,
        'x-content-type-options': 'nosniff',
      });
      res.flushHeaders();
      void admitted.started().catch(() => {}); // a watch is a read: its end is recorded too
      for await (const chunk of source) {
        const lines = events.push(chunk);
        bytesOut += Buffer.byteLength(lines);
        if (lines !== '' && !res.write(lines)) await drained(res);
      }
      cause ??= 'the cluster ended it';
      res.end();
    } catch (error) {
      if (!stopped.signal.aborted) {
        outcome = 'failed';
        cause = 'the cluster broke off';
        sendStatus(res, error instanceof KubeError ? error.status : status(502, 'BadGateway', 'the cluster does not answer'), admitted.id);
      }
    } finally {
      remove();
      admitted.end({ outcome, status: 200, bytesOut, cause: cause ?? 'the client went away' });
    }
  }

  private openNamespaces({ cluster, target, headers }: Admitted, signal?: AbortSignal) {
    const accept = headers.pairs.find(([name]) => name === 'accept')?.[1];
    const path = namespacesPath(target.target.params);
    return this.upstreams.observe(cluster.id).openStream(path, { headers: [['accept', wantedForm(accept)]], ...(signal && { signal }) });
  }

  private visible(caller: () => Caller, clusterId: string): (name: string) => boolean {
    return (name) => visibleNamespaces(caller(), clusterId, this.clock.now()).has(name);
  }

  private send(res: ServerResponse, admitted: Admitted, code: number, body: string): void {
    const bytesOut = Buffer.byteLength(body);
    const head = {
      'content-type': 'application/json',
      'content-length': bytesOut,
      'cache-control': 'no-cache, private',
      'audit-id': admitted.id,
      'x-content-type-options': 'nosniff',
    };
    res.writeHead(code, head).end(admitted.target.info.verb === 'get' ? undefined : body);
    admitted.end({ status: code, bytesOut });
  }

  private refuse(res: ServerResponse, admitted: Admitted, reason: Status): void {
    admitted.end({ outcome: reason.code >= 500 ? 'failed' : 'refused', status: reason.code, reason: reason.message });
    sendStatus(res, reason, admitted.id);
  }
}

const drained = (res: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    const go = () => {
      res.off('drain', go).off('close', go);
      resolve();
    };
    res.once('drain', go).once('close', go);
  });
