import type { KubeObject } from '@fairlead/kube/protocol';
import type { Api } from '../api/api.js';
import type { UserInfo } from '../machinery/user.js';
import type { ResourceDefinition } from '../registry/definition.js';

/** admission.Attributes, in the stored version. */
export interface AdmissionRequest {
  operation: 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';
  definition: ResourceDefinition;
  subresource: string;
  namespace: string;
  name: string;
  /** On create and update (for an act: its body). A mutating plugin changes it in place. */
  object?: KubeObject;
  /** On update and delete. */
  oldObject?: KubeObject;
  user: UserInfo;
  dryRun: boolean;
  warn(text: string): void;
}

/** One admission plugin. It refuses by throwing an ApiError. Order and names as in the API server's default set. */
export interface AdmissionPlugin {
  readonly name: string;
  mutate?(request: AdmissionRequest, api: Api): void;
  validate?(request: AdmissionRequest, api: Api): void;
}
