// Database, web process and API process of one Fairlead, started together and stopped in their order.
import path from 'node:path';
import { startNode } from './child.mjs';
import { deployMigrations } from './migrations.mjs';
import { fromRoot, root } from './paths.mjs';
import { listenOnce, startPostgres } from './postgres.mjs';
import { apiBundle, webServer } from './setup.mjs';
import { progress } from './steps.mjs';

/** The database, migrated: the embedded one, or that of DATABASE_URL. Answers the URL that the API connects with. */
export async function openDatabase(folder, lifetime, env = process.env) {
  let { DATABASE_URL: url, FAIRLEAD_MIGRATION_DATABASE_URL: migrationUrl } = env;
  if (!url) {
    // Registered before it is up: whoever is told to stop in between waits for it, and stops it.
    const starting = startPostgres(path.join(folder, 'postgres'));
    const stop = (mode) =>
      starting.then(
        (server) => server.stop(mode),
        () => {},
      );
    lifetime.add(
      'PostgreSQL',
      () => stop('fast'),
      () => stop('immediate'),
    );
    const server = await starting;
    url = server.appUrl;
    migrationUrl = server.ownerUrl;
  }
  const applied = await deployMigrations(migrationUrl || url);
  if (applied.length) progress(`migrations: ${applied.length} applied`);
  return url;
}

/**
 * The web process, on a port of its own that only this machine reaches; its one door is the API's. It is given no secret. If it dies it is
 * started again, at most five times a minute. Answers its origin at once.
 */
export async function startWeb(
  lifetime,
  {
    port: given,
    script = fromRoot(webServer),
    args = [],
    nodeArgs = ['--max-old-space-size=192', '--max-semi-space-size=4'],
    production = true,
  } = {},
) {
  const port = given ?? (await listenOnce(0));
  const keep = ['PATH', 'HOME', 'TZ', 'LANG', 'TMPDIR', 'SystemRoot', 'TEMP'];
  const env = {
    ...Object.fromEntries(keep.filter((name) => process.env[name]).map((name) => [name, process.env[name]])),
    NODE_ENV: production ? 'production' : 'development',
    NEXT_TELEMETRY_DISABLED: '1',
    HOSTNAME: '127.0.0.1',
    PORT: String(port),
  };
  let child;
  const starts = [];
  const start = () => {
    starts.push(Date.now());
    child = startNode(script, {
      args: args.map((arg) => arg.replace('$PORT', String(port))),
      nodeArgs,
      env,
      cwd: path.dirname(script),
      stdio: 'pipe',
      graceMs: 3000,
    });
    // Its greeting names a port that is nobody's business; what it complains about is.
    child.stderr.pipe(process.stderr);
    if (production) child.stdout.resume();
    else child.stdout.pipe(process.stdout);
    void child.gone.then((code) => {
      if (lifetime.ending) return;
      const recent = starts.filter((at) => at > Date.now() - 60_000).length;
      console.error(`The web process ended with ${code}${recent > 5 ? ' again and again.' : '; starting it again.'}`);
      if (recent > 5) void lifetime.end(1);
      else start();
    });
  };
  start();
  lifetime.add(
    'the web process',
    () => child.stop(),
    () => child.force(),
  );
  return `http://127.0.0.1:${port}`;
}

/** What the API process is told besides what the person's environment says. */
export function apiEnv({ folder, databaseUrl, webOrigin, kubeconfig, production = true }) {
  const { DATABASE_URL, FAIRLEAD_MIGRATION_DATABASE_URL, ...rest } = process.env;
  return {
    ...rest,
    NODE_ENV: production ? 'production' : 'development',
    FAIRLEAD_HOST: rest.FAIRLEAD_HOST || '127.0.0.1',
    FAIRLEAD_PORT: rest.FAIRLEAD_PORT || '4400',
    FAIRLEAD_DATA_DIR: folder,
    FAIRLEAD_DATABASE_URL: databaseUrl,
    FAIRLEAD_WEB_ORIGIN: webOrigin,
    ...(kubeconfig ? { FAIRLEAD_REGISTER_KUBECONFIG: kubeconfig } : {}),
  };
}

/** The API process, which also is the front door. When it ends, everything ends with its exit code. */
export function startApi(lifetime, env, { nodeArgs = ['--max-old-space-size=512', '--max-semi-space-size=16'] } = {}) {
  const api = startNode(fromRoot(apiBundle), { nodeArgs, env, cwd: root });
  lifetime.add('the API process', api.stop, api.force);
  void api.gone.then((code) => {
    if (lifetime.ending) return;
    if (code !== 0) console.error(`The API process ended with ${code}.`);
    void lifetime.end(code);
  });
  return api;
}
