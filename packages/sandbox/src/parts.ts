import type { KubeObject } from '@fairlead/kube/protocol';
import { createAccess, ServiceAccountTokens, startAccessControllers } from './access/index.js';
import { issuer } from './access/tokens/service-account-tokens.js';
import type { AdmissionPlugin } from './admission/admission.js';
import { admissionPlugins } from './admission/plugins.js';
import type { FieldTracking } from './api/core.js';
import type { RequestApi } from './api/create-api.js';
import { startControllers } from './controllers/index.js';
import { accessKinds } from './kinds/access-kinds.js';
import { customResourceDefinitions } from './kinds/apiextensions/custom-resource-definitions.js';
import { startCustomResources } from './kinds/apiextensions/custom-resources.controller.js';
import { builtInKinds, inDiscoveryOrder } from './kinds/index.js';
import { createNodes, startKubelets } from './kubelet/index.js';
import type { Clock } from './machinery/clock.js';
import { type MetricsSource, metricsKinds } from './metrics/index.js';
import { FieldManager } from './patch/field-manager.js';
import { Versions } from './patch/versions.js';
import type { ResourceDefinition } from './registry/definition.js';
import type { Registry } from './registry/registry.js';
import { createFormats } from './schema/formats.js';
import { Schemas } from './schema/schemas.js';
import type { Access } from './server/access.js';
import type { Formats } from './server/formats.js';
import type { Identity } from './server/identity.js';
import type { ConnectHandler } from './streams/handler.js';
import { podStreams } from './streams/index.js';
import { type IngressDoor, openIngress } from './streams/ingress/ingress.js';

/** What the sandbox is made of, before there is an API: its kinds, its admission, who tracks fields. */
export interface Parts {
  definitions: readonly ResourceDefinition[];
  admission: readonly AdmissionPlugin[];
  fields: FieldTracking | undefined;
  /** The rest, which lives on the API. `start` are the controllers and kubelets, each with its end. */
  over(api: RequestApi): {
    access: Access;
    formats: Formats | undefined;
    streams: ConnectHandler | undefined;
    start: readonly (() => () => void)[];
    /** Serves the cluster's Ingresses on a port of 127.0.0.1. */
    openIngress(port: number): Promise<IngressDoor>;
  };
}

export interface PartsContext {
  clock: Clock;
  random: () => number;
  identity: Identity;
}

/** The one place where the parts meet. */
export function assemble({ clock, random, identity }: PartsContext): Parts {
  const tokens = new ServiceAccountTokens(identity.serviceAccountKey);
  const schemas = Schemas.builtIn();
  let registry: Registry | undefined;
  let measured: MetricsSource | undefined;
  const fields = new FieldManager(new Versions(schemas, (definition, apiVersion) => registry?.sibling(definition, apiVersion)));
  return {
    definitions: inDiscoveryOrder([...builtInKinds(), ...accessKinds(tokens), customResourceDefinitions, ...metricsKinds(() => measured)]),
    admission: admissionPlugins(),
    fields,
    over: (api) => {
      registry = api.registry;
      const context = { api, clock, random, rootCertificate: identity.authority.certificate };
      const nodes = createNodes({
        ...context,
        token: (pod, audience) => mountedToken(api, tokens, pod as unknown as KubeObject, audience),
      });
      measured = { api, nodes };
      return {
        access: createAccess({ api, tokens }),
        formats: createFormats(schemas, fields, registry),
        streams: podStreams({ nodes, clock }),
        openIngress: (port) => openIngress({ api, nodes, clock }, port),
        start: [
          () => startCustomResources({ api, schemas, clock }),
          () => startControllers(context),
          () => startAccessControllers(context, tokens),
          () => startKubelets({ nodes }),
        ],
      };
    },
  };
}

const mountedSeconds = 3607;

/** What a pod finds at /var/run/secrets/kubernetes.io/serviceaccount/token. */
function mountedToken(api: RequestApi, tokens: ServiceAccountTokens, pod: KubeObject, audience = issuer): string {
  const { serviceAccountName = 'default', nodeName = '' } = (pod.spec ?? {}) as { serviceAccountName?: string; nodeName?: string };
  const account = api.get('serviceaccounts', pod.metadata.namespace ?? '', serviceAccountName);
  const node = api.get('nodes', '', nodeName);
  return account ? tokens.issue(account, [audience], mountedSeconds, api.now(), { pod, ...(node ? { node } : {}) }) : '';
}
