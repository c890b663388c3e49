// `npm run bench -- apps`: what deploying by Fairlead costs over what the cluster itself takes, in the same run and in turns. Figures, not a test.
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { clusterOf, signIn, subscribe } from './clients.mjs';
import { percentile } from './load.mjs';

const rounds = 15;
const warmUps = 3;
const driftApps = 200;
const watchSeconds = 30;

/** Five objects: Deployment, Service, Ingress, PodDisruptionBudget, ConfigMap. */
const fiveObjects = (host) => ({
  image: 'nginx:1.27',
  port: 80,
  replicas: 2,
  host,
  files: [{ path: '/etc/shop/shop.conf', content: 'greeting = hello' }],
});

/** `fairlead` is up and `kubeconfig` leads to a cluster of a testbed or to the sandbox; all is made in one namespace and removed again. */
export async function benchApps({ temporary, lifetime, say, progress, fairlead, kubeconfig, adminPassword, apiPid }) {
  const name = `bench-${Date.now().toString(36)}`;
  const cluster = clusterOf(kubeconfig);
  const admin = await signIn(fairlead.origin, 'admin', adminPassword);
  await admin.call('POST', '/clusters', { name, kubeconfig: readFileSync(kubeconfig, 'utf8') });
  lifetime.add('the cluster of the benchmark', () => admin.call('DELETE', `/clusters/${name}`, { confirm: name, cleanup: true }));
  await admin.call('POST', '/projects', { name, namespaces: [{ cluster: name, namespace: name, create: true }] });
  const stage = { name, cluster, admin, fairlead, kubeconfig, temporary, say, progress, apiPid };
  lifetime.add('the project of the benchmark', () => removeAll(stage));
  await plan(stage);
  await click(stage);
  await verdict(stage);
  await drift(stage);
}

const body = ({ name }, app, spec) => ({ name: app, cluster: name, namespace: name, spec });
const create = (stage, app, spec) => stage.admin.call('POST', `/projects/${stage.name}/apps`, body(stage, app, spec));

async function plan(stage) {
  const { name, admin, kubeconfig, temporary, say } = stage;
  const wanted = body(stage, 'planned', fiveObjects(`planned.${name}.example`));
  const ask = () => timed(() => admin.call('POST', `/projects/${name}/plan`, wanted));
  const file = path.join(temporary, 'planned.yaml');
  const first = await admin.call('POST', `/projects/${name}/plan`, wanted);
  const made = first.changes.filter(({ action }) => action === 'create').length;
  if (made !== 5) throw new Error(`the plan has ${made} objects: ${first.manifests}`);
  writeFileSync(file, first.manifests);
  const args = ['--kubeconfig', kubeconfig, '-n', name, 'apply', '--server-side', '--dry-run=server', '-f', file];
  const dryRun = () => timed(() => kubectl(args));
  const { a, b, over } = await inTurns(ask, dryRun);
  say("kubectl's dry run of five objects", ms(percentile(b, 0.5)), spread(b));
  say('plan of five objects', ms(percentile(a, 0.5)), spread(a));
  say("plan, over kubectl's", ms(percentile(over, 0.5)), `at most 400 ms; ${spread(over)}`);
}

/** From the request to its answer, which comes when all is applied; against the same objects applied straight, one after the other. */
async function click(stage) {
  const { name, admin, cluster, say } = stage;
  let number = 0;
  const deploy = async () => {
    number += 1;
    const app = `clicked-${number}`;
    const { ms: took, answer } = await timedWith(() => create(stage, app, fiveObjects(`${app}.${name}.example`)));
    if (answer.revision.state !== 'applied') throw new Error(`${app} is ${answer.revision.state}`);
    return took;
  };
  const { manifests } = await admin.call(
    'POST',
    `/projects/${name}/plan`,
    body(stage, 'straight', fiveObjects(`straight.${name}.example`)),
  );
  const { parseAllDocuments } = await import('yaml');
  const objects = parseAllDocuments(manifests).map((document) => document.toJS());
  const straight = async () => {
    number += 1;
    // Under names of their own, so that each is made and not found.
    const own = objects.map((object) => JSON.parse(JSON.stringify(object).replaceAll('straight', `straight-${number}`)));
    const took = await timed(async () => {
      for (const object of own)
        await cluster.call('PATCH', `${pathOf(object, name)}?fieldManager=bench&force=true`, object, 'application/apply-patch+yaml');
    });
    for (const object of own.toReversed()) await cluster.call('DELETE', pathOf(object, name));
    return took;
  };
  const { a, b, over } = await inTurns(deploy, straight);
  say('five objects applied straight', ms(percentile(b, 0.5)), spread(b));
  say('click to five objects applied', ms(percentile(a, 0.5)), spread(a));
  say("click, over the cluster's writes", ms(percentile(over, 0.5)), `at most 500 ms; ${spread(over)}`);
  await removeApps(stage);
}

/** From the last change of the app's objects that this process saw in the cluster to the verdict that a browser gets. */
async function verdict(stage) {
  const { name, admin, cluster, fairlead, say } = stage;
  let last = 0;
  let judged = '';
  const at = `/namespaces/${name}`;
  const stops = await Promise.all(
    [`/apis/apps/v1${at}/deployments`, `/api/v1${at}/pods`, `/apis/discovery.k8s.io/v1${at}/endpointslices`].map((target) =>
      cluster.follow(`${target}?watch=1`, (line) => {
        if (line.includes(`"${judged}`)) last = performance.now();
      }),
    ),
  );
  const late = [];
  for (let number = 0; number < 8; number += 1) {
    const app = `judged-${number}`;
    judged = app;
    await create(stage, app, { image: 'nginx:1.27', port: 80, replicas: 2 });
    const { id } = await admin.call('GET', `/projects/${name}/apps/${app}`);
    late.push(
      await new Promise((resolve, reject) => {
        let subscription;
        const timer = setTimeout(() => reject(new Error(`no verdict on ${app} within 120 s`)), 120_000);
        const onRow = (row) => {
          if (row.rollout?.state === 'failed') reject(new Error(`${app} failed: ${JSON.stringify(row.rollout)}`));
          if (row.rollout?.state !== 'serving') return;
          clearTimeout(timer);
          resolve(performance.now() - last);
          subscription?.close();
        };
        subscribe(fairlead.origin, admin.cookie(), 'app', { app: id }, onRow).then((opened) => {
          subscription = opened;
        }, reject);
      }),
    );
  }
  for (const stop of stops) stop();
  say("verdict after the cluster's last change", ms(percentile(late, 0.5)), `at most 1000 ms; worst ${ms(Math.max(...late))}`);
  await removeApps(stage);
}

/** Apps that nothing happens to, and then each with a field that somebody else sets: what keeping an eye on them takes of a core. */
async function drift(stage) {
  const { name, admin, cluster, say, progress, apiPid } = stage;
  await create(stage, 'kept-0', { image: 'nginx:1.27', port: 80 });
  await sleep(2000);
  const watchesOfOne = await watches(cluster);
  progress(`${driftApps} apps …`);
  const names = Array.from({ length: driftApps }, (_, index) => `kept-${index}`);
  await inParallel(3, names.slice(1), (app) => create(stage, app, { image: 'nginx:1.27', port: 80 }));
  await untilSettled(stage);
  const idle = await share(apiPid(), watchSeconds);
  say(`${driftApps} apps watched, nothing happens`, percent(idle), `of a core, over ${watchSeconds} s; at most 5 %`);
  const watchesOfAll = await watches(cluster);
  if (watchesOfOne === null) say('watches for them', 'unknown', 'this cluster does not count its watches');
  else
    say(
      'watches for them',
      String(watchesOfAll - watchesOfOne),
      `more than for one app, of ${watchesOfAll} that the cluster counts; none wanted`,
    );

  const drifted = [];
  const busy = share(apiPid(), 20);
  for (let number = 0; number < 20; number += 1) {
    const app = names[number * 7];
    const { id } = await admin.call('GET', `/projects/${name}/apps/${app}`);
    drifted.push(await untilDrift(stage, app, id));
    await sleep(500);
  }
  say(
    'a foreign change to its mark',
    ms(percentile(drifted, 0.5)),
    `${spread(drifted)}; one a second among ${driftApps} apps takes ${percent(await busy)} of a core`,
  );
}

async function untilDrift({ fairlead, admin, cluster, name }, app, id) {
  let seen;
  const marked = new Promise((resolve, reject) => {
    seen = resolve;
    setTimeout(() => reject(new Error(`no drift of ${app} within 30 s`)), 30_000).unref();
  });
  const subscription = await subscribe(fairlead.origin, admin.cookie(), 'app', { app: id }, (row) => {
    if (row.status?.drift?.length > 0) seen();
  });
  const took = await timed(async () => {
    const changed = { spec: { replicas: 2 } };
    await cluster.call('PATCH', `/apis/apps/v1/namespaces/${name}/deployments/${app}`, changed, 'application/merge-patch+json');
    await marked;
  });
  subscription.close();
  return took;
}

async function untilSettled({ name, admin }) {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    const { items } = await admin.call('GET', `/projects/${name}/apps?limit=500`);
    if (items.length >= driftApps && items.every(({ status }) => status?.state === 'serving')) return sleep(15_000);
    await sleep(2000);
  }
  throw new Error('the apps did not come to rest');
}

/** How many watches the API server holds, by its own count; null where it does not tell. */
async function watches(cluster) {
  const text = await cluster.call('GET', '/metrics').catch(() => '');
  const counts = [...text.matchAll(/^apiserver_longrunning_requests\{[^}]*verb="WATCH"[^}]*\} (\d+)/gm)].map(([, count]) => Number(count));
  return counts.length === 0 ? null : counts.reduce((sum, count) => sum + count, 0);
}

/** Of one core, that a process used in the next `seconds`. Linux only. */
async function share(pid, seconds) {
  const used = () => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  };
  const before = used();
  const since = performance.now();
  await sleep(seconds * 1000);
  return (used() - before) / ((performance.now() - since) / 1000);
}

/** Both, one after the other, so that what else the machine does meets both; `over`: by how much the first took longer, turn by turn. */
async function inTurns(first, second) {
  for (let turn = 0; turn < warmUps; turn += 1) {
    await first();
    await second();
  }
  const [a, b] = [[], []];
  for (let turn = 0; turn < rounds; turn += 1) {
    a.push(await first());
    b.push(await second());
  }
  return { a, b, over: a.map((value, turn) => value - b[turn]) };
}

async function inParallel(workers, items, act) {
  const left = [...items];
  await Promise.all(
    Array.from({ length: workers }, async () => {
      for (let item = left.shift(); item !== undefined; item = left.shift()) await act(item);
    }),
  );
}

async function removeApps({ name, admin }) {
  const apps = async () => (await admin.call('GET', `/projects/${name}/apps?limit=500`)).items;
  await inParallel(4, await apps(), (app) =>
    admin.call('DELETE', `/projects/${name}/apps/${app.id}`, { confirm: app.name }).catch(() => {}),
  );
  for (let attempt = 0; attempt < 120 && (await apps()).length > 0; attempt += 1) await sleep(1000);
}

async function removeAll(stage) {
  const { name, admin } = stage;
  await removeApps(stage);
  await admin.call('DELETE', `/projects/${name}`, { confirm: name, deleteNamespaces: [{ cluster: name, namespace: name }] });
}

const plurals = {
  Deployment: 'deployments',
  Service: 'services',
  Ingress: 'ingresses',
  PodDisruptionBudget: 'poddisruptionbudgets',
  ConfigMap: 'configmaps',
};

function pathOf({ apiVersion, kind, metadata }, namespace) {
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  return `${root}/namespaces/${namespace}/${plurals[kind]}/${metadata.name}`;
}

function kubectl(args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.env.FAIRLEAD_KUBECTL ?? 'kubectl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let words = '';
    child.stderr.on('data', (text) => {
      words += text;
    });
    child.once('error', reject);
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`kubectl ${args.join(' ')}: ${words}`))));
  });
}

const timed = async (act) => (await timedWith(act)).ms;

async function timedWith(act) {
  const since = performance.now();
  const answer = await act();
  return { ms: performance.now() - since, answer };
}

const ms = (value) => `${value.toFixed(0)} ms`;
const percent = (value) => `${(value * 100).toFixed(1)} %`;
const spread = (values) => `${values.length} turns, half of them ${ms(percentile(values, 0.25))} to ${ms(percentile(values, 0.75))}`;
