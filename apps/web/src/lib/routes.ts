import type * as contract from '@fairlead/shared';
import type { Method, RouteShape } from '@fairlead/shared';

/**
 * The contract's routes as the browser needs them: method and path, and the whole shape as a type. The contract itself carries zod, which
 * would weigh more than the pages; routes.spec.ts fails when a line here differs from it or is missing.
 */
export interface WebRoute<T extends RouteShape = RouteShape> {
  method: Method;
  path: string;
  /** Only a type: never there at run time. */
  shape?: T;
}

const r = <T extends RouteShape>(method: Method, path: string): WebRoute<T> => ({ method, path });

export const routes = {
  listApps: r<typeof contract.listApps>('GET', '/projects/:project/apps'),
  createApp: r<typeof contract.createApp>('POST', '/projects/:project/apps'),
  planNewApp: r<typeof contract.planNewApp>('POST', '/projects/:project/plan'),
  proposeAddress: r<typeof contract.proposeAddress>('GET', '/projects/:project/address'),
  getApp: r<typeof contract.getApp>('GET', '/projects/:project/apps/:app'),
  changeApp: r<typeof contract.changeApp>('PATCH', '/projects/:project/apps/:app'),
  planApp: r<typeof contract.planApp>('POST', '/projects/:project/apps/:app/plan'),
  deleteApp: r<typeof contract.deleteApp>('DELETE', '/projects/:project/apps/:app'),
  putApp: r<typeof contract.putApp>('PUT', '/projects/:project/apps/:app'),
  listDeletedApps: r<typeof contract.listDeletedApps>('GET', '/projects/:project/deleted-apps'),
  undoDeleteApp: r<typeof contract.undoDeleteApp>('POST', '/projects/:project/apps/:app/undo-delete'),
  undoApp: r<typeof contract.undoApp>('POST', '/projects/:project/apps/:app/undo'),
  correctApp: r<typeof contract.correctApp>('POST', '/projects/:project/apps/:app/correct'),
  listAdoptable: r<typeof contract.listAdoptable>('GET', '/projects/:project/adoptable'),
  exportApp: r<typeof contract.exportApp>('GET', '/projects/:project/apps/:app/export'),
  listAppSecrets: r<typeof contract.listAppSecrets>('GET', '/projects/:project/apps/:app/secrets'),
  changeAppSecrets: r<typeof contract.changeAppSecrets>('PATCH', '/projects/:project/apps/:app/secrets'),
  changePolicies: r<typeof contract.changePolicies>('PATCH', '/projects/:project/apps/:app/policies'),
  listRollouts: r<typeof contract.listRollouts>('GET', '/projects/:project/apps/:app/rollouts'),
  getRollout: r<typeof contract.getRollout>('GET', '/projects/:project/apps/:app/rollouts/:revision'),
  listMoments: r<typeof contract.listMoments>('GET', '/projects/:project/apps/:app/moments'),
  startDrill: r<typeof contract.startDrill>('POST', '/projects/:project/apps/:app/drills'),
  listDrills: r<typeof contract.listDrills>('GET', '/projects/:project/apps/:app/drills'),
  getDrill: r<typeof contract.getDrill>('GET', '/projects/:project/apps/:app/drills/:drill'),
  getAppNetwork: r<typeof contract.getAppNetwork>('GET', '/projects/:project/apps/:app/network'),
  listPods: r<typeof contract.listPods>('GET', '/projects/:project/apps/:app/pods'),
  listAppPorts: r<typeof contract.listAppPorts>('GET', '/projects/:project/apps/:app/ports'),
  openAppPort: r<typeof contract.openAppPort>('POST', '/projects/:project/apps/:app/ports'),
  listPortOpenings: r<typeof contract.listPortOpenings>('GET', '/projects/:project/apps/:app/ports/openings'),
  closeAppPort: r<typeof contract.closeAppPort>('DELETE', '/projects/:project/apps/:app/ports/openings/:opening'),
  scaleApp: r<typeof contract.scaleApp>('POST', '/projects/:project/apps/:app/scale'),
  sleepApp: r<typeof contract.sleepApp>('POST', '/projects/:project/apps/:app/sleep'),
  wakeApp: r<typeof contract.wakeApp>('POST', '/projects/:project/apps/:app/wake'),
  startRun: r<typeof contract.startRun>('POST', '/projects/:project/apps/:app/runs'),
  listRuns: r<typeof contract.listRuns>('GET', '/projects/:project/apps/:app/runs'),
  getRun: r<typeof contract.getRun>('GET', '/projects/:project/apps/:app/runs/:run'),
  getRunLog: r<typeof contract.getRunLog>('GET', '/projects/:project/apps/:app/runs/:run/log'),
  stopRun: r<typeof contract.stopRun>('DELETE', '/projects/:project/apps/:app/runs/:run'),
  getSchedule: r<typeof contract.getSchedule>('GET', '/projects/:project/apps/:app/schedule'),
  runScheduleNow: r<typeof contract.runScheduleNow>('POST', '/projects/:project/apps/:app/schedule/run'),
  suspendSchedule: r<typeof contract.suspendSchedule>('POST', '/projects/:project/apps/:app/schedule/suspend'),
  resumeSchedule: r<typeof contract.resumeSchedule>('POST', '/projects/:project/apps/:app/schedule/resume'),
  restartApp: r<typeof contract.restartApp>('POST', '/projects/:project/apps/:app/restart'),
  listRevisions: r<typeof contract.listRevisions>('GET', '/projects/:project/apps/:app/revisions'),
  getRevision: r<typeof contract.getRevision>('GET', '/projects/:project/apps/:app/revisions/:revision'),
  liftHold: r<typeof contract.liftHold>('DELETE', '/projects/:project/apps/:app/hold'),
  rollbackApp: r<typeof contract.rollbackApp>('POST', '/projects/:project/apps/:app/rollback'),
  deletePod: r<typeof contract.deletePod>('DELETE', '/projects/:project/apps/:app/pods/:pod'),

  listAudit: r<typeof contract.listAudit>('GET', '/audit'),
  getAuditEntry: r<typeof contract.getAuditEntry>('GET', '/audit/:entry'),
  exportAudit: r<typeof contract.exportAudit>('GET', '/audit/export'),

  signIn: r<typeof contract.signIn>('POST', '/auth/sign-in'),
  signOut: r<typeof contract.signOut>('POST', '/auth/sign-out'),
  getMe: r<typeof contract.getMe>('GET', '/me'),
  changePassword: r<typeof contract.changePassword>('POST', '/me/password'),
  listSessions: r<typeof contract.listSessions>('GET', '/me/sessions'),
  revokeSession: r<typeof contract.revokeSession>('DELETE', '/me/sessions/:session'),

  listClusters: r<typeof contract.listClusters>('GET', '/clusters'),
  createCluster: r<typeof contract.createCluster>('POST', '/clusters'),
  getCluster: r<typeof contract.getCluster>('GET', '/clusters/:cluster'),
  deleteCluster: r<typeof contract.deleteCluster>('DELETE', '/clusters/:cluster'),
  checkCluster: r<typeof contract.checkCluster>('POST', '/clusters/:cluster/check'),
  createKubeconfig: r<typeof contract.createKubeconfig>('POST', '/clusters/:cluster/kubeconfig'),

  healthLive: r<typeof contract.healthLive>('GET', '/health/live'),
  healthReady: r<typeof contract.healthReady>('GET', '/health/ready'),

  listProjects: r<typeof contract.listProjects>('GET', '/projects'),
  createProject: r<typeof contract.createProject>('POST', '/projects'),
  getProject: r<typeof contract.getProject>('GET', '/projects/:project'),
  changeProject: r<typeof contract.changeProject>('PATCH', '/projects/:project'),
  deleteProject: r<typeof contract.deleteProject>('DELETE', '/projects/:project'),
  addNamespace: r<typeof contract.addNamespace>('POST', '/projects/:project/namespaces'),
  listGrants: r<typeof contract.listGrants>('GET', '/projects/:project/grants'),
  createGrant: r<typeof contract.createGrant>('POST', '/projects/:project/grants'),
  deleteGrant: r<typeof contract.deleteGrant>('DELETE', '/projects/:project/grants/:grant'),

  listTokens: r<typeof contract.listTokens>('GET', '/tokens'),
  createToken: r<typeof contract.createToken>('POST', '/tokens'),
  revokeToken: r<typeof contract.revokeToken>('DELETE', '/tokens/:token'),
  createRobotToken: r<typeof contract.createRobotToken>('POST', '/robots/:robot/tokens'),
  listRobotTokens: r<typeof contract.listRobotTokens>('GET', '/robots/:robot/tokens'),
  revokeRobotToken: r<typeof contract.revokeRobotToken>('DELETE', '/robots/:robot/tokens/:token'),

  listUsers: r<typeof contract.listUsers>('GET', '/users'),
  createUser: r<typeof contract.createUser>('POST', '/users'),
  getUser: r<typeof contract.getUser>('GET', '/users/:user'),
  changeUser: r<typeof contract.changeUser>('PATCH', '/users/:user'),
  resetPassword: r<typeof contract.resetPassword>('POST', '/users/:user/password'),
  searchPrincipals: r<typeof contract.searchPrincipals>('GET', '/principals'),
  listRobots: r<typeof contract.listRobots>('GET', '/robots'),
  createRobot: r<typeof contract.createRobot>('POST', '/robots'),
  changeRobot: r<typeof contract.changeRobot>('PATCH', '/robots/:robot'),

  listWebhooks: r<typeof contract.listWebhooks>('GET', '/projects/:project/webhooks'),
  createWebhook: r<typeof contract.createWebhook>('POST', '/projects/:project/webhooks'),
  changeWebhook: r<typeof contract.changeWebhook>('PATCH', '/projects/:project/webhooks/:webhook'),
  deleteWebhook: r<typeof contract.deleteWebhook>('DELETE', '/projects/:project/webhooks/:webhook'),
  testWebhook: r<typeof contract.testWebhook>('POST', '/projects/:project/webhooks/:webhook/test'),
  listDeliveries: r<typeof contract.listDeliveries>('GET', '/projects/:project/webhooks/:webhook/deliveries'),
  replayDelivery: r<typeof contract.replayDelivery>('POST', '/projects/:project/webhooks/:webhook/deliveries/:delivery/replay'),
};
