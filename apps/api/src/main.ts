import { createApplication } from './create-application.js';
import { demonstrate, stepThroughParent } from './demonstration/demonstrate.js';
import { demonstrationMs } from './demonstration/story.js';
import { openDoor } from './door.js';
import { ClusterImport, SandboxCluster } from './features/clusters/index.js';
import { FirstAdmin } from './features/users/index.js';
import { systemClock } from './platform/clock.js';
import { type Config, ConfigError, readConfig } from './platform/config.js';
import { describeError } from './platform/logger.js';
import { SteppedClock } from './platform/stepped-clock.js';

function configOrExit(): Config {
  try {
    return readConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(`Fairlead cannot start. Mend these settings:\n${error.message}`);
    process.exit(2);
  }
}

const config = configOrExit();
// Nothing secret stays where a child or a dump of the environment would show it.
for (const name of ['FAIRLEAD_SECRET_KEY', 'FAIRLEAD_ADMIN_PASSWORD', 'FAIRLEAD_DATABASE_URL']) delete process.env[name];

try {
  const stepped = config.demonstration && config.sandboxKubeconfigPath ? new SteppedClock(demonstrationMs) : null;
  const application = await createApplication(config, stepped ? { clock: stepped } : {});
  if (stepped) {
    if (application.firstAdmin) await demonstrate(application, application.firstAdmin.name, stepped, stepThroughParent);
    else stepped.step(demonstrationMs);
  }
  await untilWebAnswers(config.webOrigin);
  const door = await openDoor(application, config);
  const stop = async () => {
    await door.close();
    await application.app.close();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());
  process.send?.({ type: 'open' });
  await greet(application.firstAdmin, application.app.get(FirstAdmin), door.publicUrl);
  const sandbox = application.app.get(SandboxCluster);
  await sandbox.ensure();
  // Its address may be another one than last time.
  process.on('message', (message) => {
    if ((message as { type?: unknown }).type === 'sandbox-ready') void sandbox.ensure(); // never rejects
  });
  await application.app.get(ClusterImport).run();
} catch (error) {
  console.error('Fairlead cannot start:', JSON.stringify(describeError(error), null, 2));
  process.exit(1);
}

async function greet(made: { name: string; password: string | null } | null, admin: FirstAdmin, url: string): Promise<void> {
  console.log(`Fairlead is ready: ${url}`);
  if (!made) return;
  if (made.password === null) console.log(`Sign in as ${made.name} with the password of FAIRLEAD_ADMIN_PASSWORD.`);
  else if (process.stdout.isTTY)
    console.log(`Sign in as ${made.name} with the password ${made.password} (you will be asked to change it).`);
  else
    console.log(
      `Sign in as ${made.name}; the password is in ${await admin.writePassword(made.password)} (you will be asked to change it).`,
    );
}

/** The web process may be being built yet. Who started both ends both if that fails, so this waits as long as it takes. */
async function untilWebAnswers(origin: string | null): Promise<void> {
  if (!origin) return;
  while (
    !(await fetch(origin, { redirect: 'manual', signal: AbortSignal.timeout(5_000) }).then(
      () => true,
      () => false,
    ))
  )
    await systemClock.sleep(100);
}
