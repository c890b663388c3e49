import {
  type CallOptions,
  type KubeClient,
  type KubeList,
  type KubeObject,
  type ListOptions,
  type RawOptions,
  type SharedInformers,
} from '@fairlead/kube';
import type { Clock } from '../../platform/clock.js';

export interface ReviewAttributes {
  group: string;
  version?: string;
  resource: string;
  subresource?: string;
  namespace?: string;
  name?: string;
  verb: string;
}

const cacheMs = 5_000;
const maxCached = 5_000;

/** The read-only door to a cluster, as its observer account. There is no way to change anything here. */
export class Observer {
  private readonly reviews = new Map<string, { untilMs: number; answer: Promise<boolean> }>();

  constructor(
    private readonly client: KubeClient,
    readonly informers: SharedInformers,
    private readonly clock: Clock,
  ) {}

  get<T extends KubeObject = KubeObject>(path: string, options?: CallOptions): Promise<T> {
    return this.client.get<T>(path, options);
  }

  list<T extends KubeObject = KubeObject>(path: string, options?: ListOptions): Promise<KubeList<T>> {
    return this.client.list<T>(path, options);
  }

  stream(path: string, options?: RawOptions): AsyncGenerator<Uint8Array, void, undefined> {
    return this.client.stream(path, options);
  }

  openStream(path: string, options?: RawOptions): Promise<AsyncGenerator<Uint8Array, void, undefined>> {
    return this.client.openStream(path, options);
  }

  /**
   * Would the cluster's RBAC let this identity? Asked once for equal questions; an answer is used for at most 5 s, a failure for none.
   * @throws KubeError, ClusterUnreachable
   */
  review(user: string, groups: readonly string[], attributes: ReviewAttributes): Promise<boolean> {
    const now = this.clock.monotonicMs();
    const key = JSON.stringify([user, groups, Object.entries(attributes).sort()]);
    const hit = this.reviews.get(key);
    if (hit && hit.untilMs > now) return hit.answer;
    const answer = this.ask(user, groups, attributes);
    this.reviews.delete(key);
    this.reviews.set(key, { untilMs: now + cacheMs, answer });
    if (this.reviews.size > maxCached) this.reviews.delete(this.reviews.keys().next().value!);
    answer.catch(() => this.reviews.delete(key));
    return answer;
  }

  private async ask(user: string, groups: readonly string[], attributes: ReviewAttributes): Promise<boolean> {
    const review = {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SubjectAccessReview',
      spec: { user, groups, resourceAttributes: { ...attributes } },
    };
    const { status } = await this.client.create<KubeObject & { status?: { allowed?: unknown } }>(
      '/apis/authorization.k8s.io/v1/subjectaccessreviews',
      review,
    );
    return status?.allowed === true;
  }
}
