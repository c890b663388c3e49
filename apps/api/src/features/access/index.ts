export { AccessModule } from './access.module.js';
export { Directory } from './directory.js';
export { impersonationOf, kubernetesSubjectName, kubernetesUser, peopleNamespace } from './kubernetes-identity.js';
export { activeGrant, clustersOf, credentialReachesCluster, type Decision, decideProject, platformAllows, projectRole, seesProject } from './project-policy.js';
export type { ProjectCall, ProjectInfo, RestCall } from './rest-call.js';
