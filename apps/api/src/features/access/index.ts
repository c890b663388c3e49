export { AccessModule } from './access.module.js';
export { Directory } from './directory.js';
export { impersonationOf, kubernetesSubjectName, peopleNamespace } from './kubernetes-identity.js';
export {
  decideKubernetes,
  type KubernetesAttributes,
  type KubernetesDecision,
  rulesOfRole,
  visibleNamespaces,
} from './kubernetes-policy.js';
export { type PolicyRule, rulesAdded } from './kubernetes-rules.js';
export {
  activeGrant,
  clustersOf,
  credentialReachesCluster,
  type Decision,
  decideProject,
  platformAllows,
  projectRole,
} from './project-policy.js';
export type { ProjectCall, ProjectInfo, RestCall } from './rest-call.js';
