const e = encodeURIComponent;

/** Addresses of pages. `app` takes a name, or the id where the project has the name twice. */
export const paths = {
  overview: '/',
  projects: '/projects',
  project: (project: string) => `/projects/${e(project)}`,
  apps: (project: string) => `/projects/${e(project)}/apps`,
  newApp: (project: string) => `/projects/${e(project)}/apps/new`,
  adopt: (project: string) => `/projects/${e(project)}/adopt`,
  members: (project: string) => `/projects/${e(project)}/members`,
  projectSettings: (project: string) => `/projects/${e(project)}/settings`,
  app: (project: string, app: string) => `/projects/${e(project)}/apps/${e(app)}`,
  logs: (project: string, app: string) => `/projects/${e(project)}/apps/${e(app)}/logs`,
  terminal: (project: string, app: string) => `/projects/${e(project)}/apps/${e(app)}/terminal`,
  revisions: (project: string, app: string) => `/projects/${e(project)}/apps/${e(app)}/revisions`,
  runs: (project: string, app: string) => `/projects/${e(project)}/apps/${e(app)}/runs`,
  resilience: (project: string, app: string) => `/projects/${e(project)}/apps/${e(app)}/resilience`,
  network: (project: string, app: string) => `/projects/${e(project)}/apps/${e(app)}/network`,
  clusters: '/clusters',
  cluster: (cluster: string) => `/clusters/${e(cluster)}`,
  audit: '/audit',
  auditEntry: (id: string) => `/audit?open=${e(id)}`,
  account: '/account',
  tokens: '/account/tokens',
  users: '/settings/users',
  robots: '/settings/robots',
};
