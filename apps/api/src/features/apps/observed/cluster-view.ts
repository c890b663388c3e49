import type { Change, InformerHandle, KubeObject, OwnerReference, SharedInformers, SyncState } from '@fairlead/kube';
import { annotations } from '../render/identity.js';
import type { AppObjects } from './app-status.js';
import type { EndpointSlice, Event, Ingress, Pod, Service, Workload } from './shapes.js';

const resources = {
  deployments: { group: 'apps', version: 'v1', resource: 'deployments' },
  statefulsets: { group: 'apps', version: 'v1', resource: 'statefulsets' },
  daemonsets: { group: 'apps', version: 'v1', resource: 'daemonsets' },
  replicasets: { group: 'apps', version: 'v1', resource: 'replicasets' },
  jobs: { group: 'batch', version: 'v1', resource: 'jobs' },
  cronjobs: { group: 'batch', version: 'v1', resource: 'cronjobs' },
  pods: { group: '', version: 'v1', resource: 'pods' },
  services: { group: '', version: 'v1', resource: 'services' },
  ingresses: { group: 'networking.k8s.io', version: 'v1', resource: 'ingresses' },
  endpointslices: { group: 'discovery.k8s.io', version: 'v1', resource: 'endpointslices' },
  networkpolicies: { group: 'networking.k8s.io', version: 'v1', resource: 'networkpolicies' },
  events: { group: '', version: 'v1', resource: 'events' },
} as const;
type Resource = keyof typeof resources;

const kinds: Readonly<Record<string, Resource>> = {
  Deployment: 'deployments',
  StatefulSet: 'statefulsets',
  DaemonSet: 'daemonsets',
  ReplicaSet: 'replicasets',
  Job: 'jobs',
  CronJob: 'cronjobs',
  Pod: 'pods',
  Service: 'services',
  Ingress: 'ingresses',
};
const workloadKinds = ['Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob', 'ReplicaSet', 'Pod'] as const;

const maxOwners = 4;
const maxRemembered = 10_000;
const maxDeparted = 500;

/** `resource namespace/name`. */
type Place = `${Resource} ${string}`;

/**
 * One cluster as the apps need it: which observed object belongs to which app. A workload carries its app's mark, everything below it is
 * found by owner, and an object may come before its owner: whichever comes last marks the app. Holds the shared watches, starts none of its own.
 */
export class ClusterView {
  private readonly handles = new Map<Resource, InformerHandle>();
  private readonly undo: (() => void)[] = [];
  private readonly marked = new Map<string, Set<Place>>();
  private readonly children = new Map<string, Set<Place>>();
  private readonly eventsByUid = new Map<string, Set<string>>();
  /** uid → app of pods that are gone; their events come after them. */
  private readonly remembered = new Map<string, string>();
  /** uid → how the cluster last told a pod that is gone: it may have been marked and removed within one gathering of changes. */
  private readonly departed = new Map<string, { appId: string; pod: Pod }>();

  constructor(
    informers: SharedInformers,
    private readonly touched: (appId: string) => void,
    stateChanged: () => void,
  ) {
    for (const resource of Object.keys(resources) as Resource[]) {
      const handle = informers.acquire(resources[resource]);
      this.handles.set(resource, handle);
      // Another holder may have filled it before.
      for (const object of handle.informer.list()) this.index(resource, keyOf(object), object);
      this.undo.push(
        handle.informer.onChange((change) => this.took(resource, change)),
        handle.informer.onState(() => stateChanged()),
      );
    }
  }

  close(): void {
    for (const each of this.undo) each();
    for (const handle of this.handles.values()) handle.release();
  }

  /** `stale` as soon as one watch is; `live` when all are; `starting` before the first complete lists. */
  get state(): SyncState {
    const all = [...this.handles.values()].map(({ informer }) => informer.state);
    return (
      all.find((each) => each.state === 'stale') ??
      all.find((each) => each.state === 'starting') ??
      all.reduce((a, b) => (a.since > b.since ? a : b))
    );
  }

  get synced(): boolean {
    return [...this.handles.values()].every(({ informer }) => informer.synced);
  }

  async whenSynced(signal: AbortSignal): Promise<void> {
    await Promise.all([...this.handles.values()].map(({ informer }) => informer.whenSynced(signal)));
  }

  /** Everything that is observed of an app. */
  objectsOf(appId: string): AppObjects {
    const roots = this.at(this.marked.get(appId));
    const below = this.below(roots.map(({ object }) => object));
    const all = [...roots, ...below];
    const of = <T extends KubeObject>(...wanted: Resource[]): T[] =>
      all.filter(({ resource }) => wanted.includes(resource)).map(({ object }) => object as T);
    const services = of<Service>('services');
    const names = new Set(services.map((each) => keyOf(each)));
    return {
      workloads: workloadKinds.flatMap((kind) =>
        roots.filter(({ resource }) => resource === kinds[kind]).map(({ object }) => ({ ...object, kind }) as Workload),
      ),
      replicaSets: of<Workload>('replicasets').map((each) => ({ ...each, kind: 'ReplicaSet' })),
      pods: of<Pod>('pods'),
      services,
      endpointSlices: services.flatMap(({ metadata }) =>
        (this.informer('endpointslices').byNamespace(metadata.namespace ?? '') as EndpointSlice[]).filter((slice) =>
          names.has(serviceKey(slice)),
        ),
      ),
      ingresses: of<Ingress>('ingresses'),
      networkPolicies: of('networkpolicies'),
      eventsOf: (uid) => this.eventsAbout(uid),
    };
  }

  /** Everything of a kind that the cluster has, whoever made it: for what an app's surroundings say. Not to be shown as it is. */
  all(resource: 'services' | 'ingresses' | 'pods', namespace?: string): readonly KubeObject[] {
    const informer = this.informer(resource);
    return namespace === undefined ? informer.list() : informer.byNamespace(namespace);
  }

  /** Events about the app's objects, those of pods that are gone included. */
  eventsOf(appId: string): Event[] {
    const roots = this.at(this.marked.get(appId)).map(({ object }) => object);
    const uids = new Set([...roots, ...this.below(roots).map(({ object }) => object)].map((each) => each.metadata.uid ?? ''));
    for (const [uid, app] of this.remembered) if (app === appId) uids.add(uid);
    return [...uids].flatMap((uid) => this.eventsAbout(uid));
  }

  /** The app's pods that went last, as the cluster last told them. */
  departedOf(appId: string): Pod[] {
    return [...this.departed.values()].filter((each) => each.appId === appId).map(({ pod }) => pod);
  }

  private eventsAbout(uid: string): Event[] {
    const { informer } = this.handle('events');
    return [...(this.eventsByUid.get(uid) ?? [])].flatMap((key) => (informer.get(key) as Event | undefined) ?? []);
  }

  private took(resource: Resource, change: Change): void {
    const { key, object, old } = change;
    const before = old && this.appOf(resource, old);
    if (old) this.unindex(resource, key, old);
    if (change.type === 'put') this.index(resource, key, object);
    const after = this.appOf(resource, object);
    if (change.type === 'remove' && resource === 'pods' && after && object.metadata.uid)
      this.remember(object.metadata.uid, after, object as Pod);
    if (before && before !== after) this.touched(before);
    if (after) this.touched(after);
  }

  private index(resource: Resource, key: string, object: KubeObject): void {
    const place: Place = `${resource} ${key}`;
    const appId = markOf(object);
    if (appId) add(this.marked, appId, place);
    for (const owner of object.metadata.ownerReferences ?? []) if (owner.controller) add(this.children, owner.uid, place);
    if (resource === 'events') add(this.eventsByUid, (object as Event).involvedObject?.uid ?? '', key);
  }

  private unindex(resource: Resource, key: string, object: KubeObject): void {
    const place: Place = `${resource} ${key}`;
    const appId = markOf(object);
    if (appId) drop(this.marked, appId, place);
    for (const owner of object.metadata.ownerReferences ?? []) if (owner.controller) drop(this.children, owner.uid, place);
    if (resource === 'events') drop(this.eventsByUid, (object as Event).involvedObject?.uid ?? '', key);
  }

  private appOf(resource: Resource, object: KubeObject): string | undefined {
    if (resource === 'events') return this.appOfEvent(object as Event);
    if (resource === 'endpointslices') {
      const service = this.informer('services').get(serviceKey(object));
      return service?.metadata.annotations?.[annotations.appId];
    }
    let at: KubeObject | undefined = object;
    for (let step = 0; at && step <= maxOwners; step++) {
      const appId = at.metadata.annotations?.[annotations.appId];
      if (appId) return appId;
      const owner: OwnerReference | undefined = at.metadata.ownerReferences?.find((each) => each.controller);
      const above: KubeObject | undefined = owner && this.lookup(owner.kind, at.metadata.namespace, owner.name);
      at = above?.metadata.uid === owner?.uid ? above : undefined;
    }
    return undefined;
  }

  private appOfEvent({ involvedObject }: Event): string | undefined {
    if (!involvedObject?.kind || !involvedObject.name) return undefined;
    const resource = kinds[involvedObject.kind];
    const found = resource && this.lookup(involvedObject.kind, involvedObject.namespace, involvedObject.name);
    if (resource && found && found.metadata.uid === involvedObject.uid) return this.appOf(resource, found);
    return this.remembered.get(involvedObject.uid ?? '');
  }

  private below(owners: readonly KubeObject[]): { resource: Resource; object: KubeObject }[] {
    const found: { resource: Resource; object: KubeObject }[] = [];
    let level = owners;
    for (let step = 0; level.length > 0 && step < maxOwners; step++) {
      const next = level.flatMap((owner) => this.at(this.children.get(owner.metadata.uid ?? '')));
      found.push(...next);
      level = next.map(({ object }) => object);
    }
    return found;
  }

  private at(places: ReadonlySet<Place> | undefined): { resource: Resource; object: KubeObject }[] {
    return [...(places ?? [])].flatMap((place) => {
      const space = place.indexOf(' ');
      const resource = place.slice(0, space) as Resource;
      const object = this.informer(resource).get(place.slice(space + 1));
      return object ? [{ resource, object }] : [];
    });
  }

  private lookup(kind: string, namespace: string | undefined, name: string): KubeObject | undefined {
    const resource = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
    return resource && this.handles.get(resource)?.informer.get(`${namespace}/${name}`);
  }

  private remember(uid: string, appId: string, pod: Pod): void {
    this.remembered.set(uid, appId);
    this.departed.set(uid, { appId, pod });
    if (this.remembered.size > maxRemembered) this.remembered.delete(this.remembered.keys().next().value ?? '');
    if (this.departed.size > maxDeparted) this.departed.delete(this.departed.keys().next().value ?? '');
  }

  private handle(resource: Resource): InformerHandle {
    const handle = this.handles.get(resource);
    if (!handle) throw new Error(`${resource} are not watched`);
    return handle;
  }

  private informer = (resource: Resource) => this.handle(resource).informer;
}

/** The app that made the object itself. A Deployment's controller copies annotations to its ReplicaSets: what has an owner was made by the owner. */
const markOf = ({ metadata }: KubeObject): string | undefined =>
  metadata.ownerReferences?.some((owner) => owner.controller) ? undefined : metadata.annotations?.[annotations.appId];

const keyOf = ({ metadata }: KubeObject): string => `${metadata.namespace}/${metadata.name}`;
const serviceKey = ({ metadata }: KubeObject): string => `${metadata.namespace}/${metadata.labels?.['kubernetes.io/service-name']}`;

function add<T>(index: Map<string, Set<T>>, key: string, value: T): void {
  const set = index.get(key) ?? new Set();
  index.set(key, set.add(value));
}

function drop<T>(index: Map<string, Set<T>>, key: string, value: T): void {
  const set = index.get(key);
  set?.delete(value);
  if (set?.size === 0) index.delete(key);
}
