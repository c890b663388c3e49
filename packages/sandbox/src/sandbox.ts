import { mkdirSync } from 'node:fs';
import { seedAccess } from './access/index.js';
import { createApi, type RequestApi } from './api/create-api.js';
import { ingressController, ingressPort } from './controllers/ingress/ingress-status.controller.js';
import { type Clock, systemClock } from './machinery/clock.js';
import { assemble } from './parts.js';
import { startEventExpiry } from './seed/event-expiry.js';
import { seedFreshCluster } from './seed/fresh-cluster.js';
import { Discovery } from './server/discovery.js';
import { Door } from './server/door.js';
import { openIdentity } from './server/identity.js';
import { adminKubeconfig } from './server/kubeconfig.js';
import { Watches } from './server/watches.js';
import { lockFolder } from './storage/folder-lock.js';
import { Journal } from './storage/journal.js';
import { Store } from './storage/store.js';
import type { IngressDoor } from './streams/ingress/ingress.js';

export interface SandboxOptions {
  clock?: Clock;
  /** 0 ≤ x < 1: names, uids, jitter. Secrets do not come from it. */
  random?: () => number;
  /** Where state and keys are kept; without it everything ends with the process. */
  folder?: string;
  /** Nodes to make where there are none yet. Default 3. */
  nodes?: number;
  /** Told in a sentence what a person should know: state that could not be read. */
  say?: (text: string) => void;
}

export interface Sandbox {
  readonly api: RequestApi;
  /** Opens the door on 127.0.0.1 (0: any free port). Answers the server's URL. */
  listen(port: number): Promise<string>;
  /** Serves the Ingresses on 127.0.0.1 (0: any free port). Answers the URL. */
  listenIngress(port: number): Promise<string>;
  /** For an administrator, with everything in it. */
  kubeconfig(server: string): string;
  /** Ends streams, watches, controllers; writes what waits; gives the folder free. */
  close(): Promise<void>;
}

/** Its Ingresses say on which port they answer. */
function tellIngressPort(api: RequestApi, port: number): void {
  for (const { metadata, spec } of api.list('ingressclasses.networking.k8s.io')) {
    if ((spec as { controller?: string } | undefined)?.controller !== ingressController) continue;
    api.change('ingressclasses.networking.k8s.io', '', metadata.name, (draft) => {
      draft.metadata.annotations = { ...draft.metadata.annotations, [ingressPort]: String(port) };
    });
  }
}

/** Where the pretend network has the API server. A loopback address is none to Kubernetes. */
const apiAddress = '10.0.0.1';

const firstRevision = 1;

/** A whole cluster. Nothing listens before `listen`; its controllers run from here on, or from the next moment where there was state. */
export function createSandbox(options: SandboxOptions = {}): Sandbox {
  const { clock = systemClock, random = Math.random, folder, nodes = 3, say = () => {} } = options;
  if (folder) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const unlock = folder ? lockFolder(folder) : () => {};
  const identity = openIdentity(folder, clock.now());
  const store = new Store(firstRevision);
  const journal = folder ? Journal.open(folder, store, clock, say) : undefined;

  const parts = assemble({ clock, random, identity });
  const api = createApi({
    clock,
    random,
    store,
    definitions: parts.definitions,
    admission: parts.admission,
    ...(parts.fields ? { fields: parts.fields } : {}),
  });
  const { access, formats, streams, start, openIngress } = parts.over(api);
  const isKnown = store.revision > firstRevision;
  seedFreshCluster(api, nodes, apiAddress);
  seedAccess(api);
  // A watch or a list from before this life is too old.
  store.compact();
  let stop = () => {};
  const begin = (): void => {
    const stops = [...start.map((each) => each()), startEventExpiry(api, store, clock)];
    stop = () => {
      for (const each of stops) each();
    };
  };
  // A cluster of an earlier life can be asked before its controllers have looked at all of it.
  if (isKnown) stop = clock.after(0, begin);
  else begin();

  const watches = new Watches(api, clock, random);
  const door = new Door({ api, access, clock, watches, discovery: new Discovery(api.registry), formats, streams }, identity);
  let ingress: IngressDoor | undefined;
  return {
    api,
    listen: async (port) => `https://127.0.0.1:${await door.listen(port)}`,
    listenIngress: async (port) => {
      ingress = await openIngress(port);
      tellIngressPort(api, ingress.port);
      return `http://127.0.0.1:${ingress.port}`;
    },
    kubeconfig: (server) => adminKubeconfig(identity, server),
    close: async () => {
      stop();
      await Promise.all([door.close(), ingress?.close()]);
      journal?.close();
      unlock();
    },
  };
}
