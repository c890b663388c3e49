import type { App } from '@fairlead/shared';
import type { Hand } from './hand.js';

/** Whose hands the story needs, and how time goes on in it. */
export interface Stage {
  cluster: string;
  master: Hand;
  ada: Hand;
  ben: Hand;
  caro: Hand;
  /** Puts all clocks forward. The cluster lives through those minutes; what it did then is settled when this resolves. */
  minutesPass(minutes: number): Promise<void>;
}

export const people = [
  { name: 'ada', displayName: 'Ada Marsh', role: 'admin' },
  { name: 'ben', displayName: 'Ben Okafor', role: 'deployer' },
  { name: 'caro', displayName: 'Caro Lindqvist', role: 'viewer' },
] as const;

/** How far back it begins. */
export const demonstrationMs = 62 * 60_000;
export const projectName = 'harbour';
const apps = `/projects/${projectName}/apps`;

/** About an hour in the life of the project harbour. Every line is a request that a person could have made. */
export async function tell({ cluster, ada, ben, caro, minutesPass }: Stage): Promise<void> {
  const place = { cluster, namespace: projectName };
  const create = (who: Hand, name: string, spec: object) => who.ask('POST', apps, { name, ...place, spec });
  const change = async (who: Hand, name: string, spec: object) => {
    const { revision } = await who.ask<App>('GET', `${apps}/${name}`);
    await who.ask('PATCH', `${apps}/${name}`, { spec }, { 'if-match': `"${revision.number}"` });
  };

  await create(ben, 'web', {
    image: 'nginx:1.25',
    port: 80,
    host: 'harbour.localhost',
    replicas: 2,
    healthPath: '/',
    resources: { cpu: '100m', memory: '64Mi', memoryLimit: '128Mi' },
  });
  await minutesPass(6);
  await create(ada, 'worker', {
    image: 'ghcr.io/harbour/worker:1.3.0',
    replicas: 2,
    env: [{ name: 'QUEUE', value: 'arrivals' }],
    resources: { cpu: '200m', memory: '128Mi', memoryLimit: '256Mi' },
  });
  await minutesPass(8);
  await change(ben, 'web', { autoscaling: { minReplicas: 2, maxReplicas: 6, cpuPercent: 60 } });
  await minutesPass(7);
  await change(ben, 'worker', { image: 'ghcr.io/harbour/worker:1.4.0' });
  await minutesPass(6);
  // It does not start: the release needs a setting that nobody made. The project's robot takes it back by itself.
  await change(ben, 'worker', {
    image: 'ghcr.io/harbour/worker:1.5.0',
    command: ['sh', '-c', 'echo "worker 1.5.0 starting"; echo "fatal: QUEUE_URL is not set" >&2; exit 2'],
  });
  await minutesPass(8);
  const { items } = await ada.ask<{ items: { name: string }[] }>('GET', `${apps}/web/pods`);
  if (items[0]) await ada.ask('DELETE', `${apps}/web/pods/${items[0].name}`);
  await minutesPass(8);
  await create(ben, 'mailer', {
    image: 'ghcr.io/harbour/mailer:2.1.0',
    replicas: 1,
    command: [
      'sh',
      '-c',
      'echo "mailer 2.1.0, connecting to smtp.harbour.example:587"; echo "fatal: SMTP_PASSWORD is not set" >&2; exit 78',
    ],
    resources: { cpu: '50m', memory: '64Mi', memoryLimit: '64Mi' },
  });
  await minutesPass(4);
  await caro.isRefused('POST', `${apps}/mailer/scale`, { replicas: 3 });
  await minutesPass(5);
  await change(ben, 'web', { image: 'nginx:1.27' });
  await minutesPass(9);
}
