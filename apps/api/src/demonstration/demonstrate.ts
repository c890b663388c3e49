import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Application } from '../create-application.js';
import { hashPassword, newPassword } from '../features/auth/index.js';
import { SandboxCluster, sandboxName } from '../features/clusters/index.js';
import { DATABASE, type Database } from '../platform/database.js';
import { Origins } from '../platform/http/origins.js';
import { newId } from '../platform/id.js';
import { LOGGER, type Logger } from '../platform/logger.js';
import type { SteppedClock } from '../platform/stepped-clock.js';
import { Hand } from './hand.js';
import { people, projectName, tell } from './story.js';

const minuteMs = 60_000;
/** How long the cluster may take to live through a step, in real time. */
const settleMs = 250;
const unhurried = { times: 4, ms: 6_000 };
const arriveWithinMs = 30_000;

/**
 * Fills a new Fairlead with an hour of life in the sandbox, through its own REST API on a door that only this process reaches, while all clocks
 * go from an hour ago to the present. Who did it stands in the audit log: `harbourmaster`, who may nothing afterwards, and three people.
 * A story that breaks off is said and left as it is: the start goes on.
 */
export async function demonstrate(
  { app, api }: Application,
  admin: string,
  clock: SteppedClock,
  stepCluster: (ms: number) => Promise<void>,
): Promise<void> {
  const logger = app.get<Logger>(LOGGER);
  const database = app.get<Database>(DATABASE);
  const sandbox = app.get(SandboxCluster);
  const step = async (ms: number) => {
    await stepCluster(clock.step(ms));
    await clock.sleep(settleMs);
  };
  const server = createServer(api);
  try {
    if (!(await sandbox.ensure())) return;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    app.get(Origins).set(null, port);
    const origin = `http://127.0.0.1:${port}`;
    const hand = (name: string) => new Hand(name, origin);

    const password = newPassword();
    const masterId = newId();
    await database.principal.create({
      data: {
        id: masterId,
        kind: 'user',
        name: 'harbourmaster',
        displayName: 'Harbourmaster (demonstration)',
        passwordHash: await hashPassword(password),
        platformRoles: ['admin'],
        createdAt: clock.now(),
      },
    });
    const [master, ada, ben, caro] = [hand('harbourmaster'), hand('ada'), hand('ben'), hand('caro')];
    await master.signIn(password);
    const principalIds = [masterId];
    for (const person of people) {
      const secret = newPassword();
      const { name, displayName } = person;
      principalIds.push((await master.ask<{ id: string }>('POST', '/users', { name, displayName, password: secret })).id);
      await [ada, ben, caro].find((each) => each.name === name)?.signIn(secret);
    }
    const namespaces = [{ cluster: sandboxName, namespace: projectName, create: true }];
    const project = await master.ask<{ id: string }>('POST', '/projects', { name: projectName, displayName: 'Harbour', namespaces });
    await sandbox.rememberDemonstration({ principalIds, projectIds: [project.id] });
    // Whoever signs in first is to see it, and shall try things: by a grant that shows, as anybody's.
    const members = [...people, { name: admin, role: 'admin' }];
    for (const { name, role } of members) await master.ask('POST', `/projects/${projectName}/grants`, { principal: name, role });
    await untilGrantsArrive(master, clock);
    await tell({
      cluster: sandboxName,
      master,
      ada,
      ben,
      caro,
      minutesPass: async (minutes) => {
        // What was asked for a moment ago goes its way first, second by second.
        for (let i = 0; i < unhurried.times; i++) await step(unhurried.ms);
        await step(minutes * minuteMs - unhurried.times * unhurried.ms);
      },
    });
    const { items } = await master.ask<{ items: { id: string; principal: { name: string } }[] }>('GET', `/projects/${projectName}/grants`);
    const own = items.find(({ principal }) => principal.name === master.name);
    if (own) await master.ask('DELETE', `/projects/${projectName}/grants/${own.id}`);
    await database.principal.update({ where: { id: masterId }, data: { platformRoles: [], disabledAt: clock.now() } });
    logger.info({ project: projectName }, 'the demonstration is there');
  } catch (error) {
    logger.error({ error }, 'the demonstration broke off; what was told so far stays');
  } finally {
    server.closeAllConnections();
    server.close();
    await step(clock.behind).catch((error: unknown) =>
      logger.error({ error }, 'the sandbox stays behind the present: start Fairlead again'),
    );
  }
}

/** A grant is a promise until the cluster has its binding: an act before that would be refused there. */
async function untilGrantsArrive(master: Hand, clock: SteppedClock): Promise<void> {
  const until = clock.monotonicMs() + arriveWithinMs;
  for (;;) {
    const { items } = await master.ask<{ items: { pending: string[] }[] }>('GET', `/projects/${projectName}/grants`);
    if (items.every(({ pending }) => pending.length === 0)) return;
    if (clock.monotonicMs() > until) throw new Error('the grants did not arrive in the cluster');
    await clock.sleep(50);
  }
}

/** Puts the sandbox's clock forward through whoever started both processes. */
export function stepThroughParent(ms: number): Promise<void> {
  return new Promise((resolve, reject) => {
    if (!process.send) return reject(new Error('there is nobody who could put the sandbox forward'));
    const timer = setTimeout(() => reject(new Error('the sandbox was not put forward in time')), 20_000);
    const heard = (message: unknown) => {
      if ((message as { type?: string }).type !== 'sandbox-stepped') return;
      clearTimeout(timer);
      process.off('message', heard);
      resolve();
    };
    process.on('message', heard);
    process.send({ type: 'step-sandbox', ms });
  });
}
