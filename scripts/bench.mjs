// `npm run bench [-- --seconds N] [--pods N]`: what Fairlead costs, against `kubectl proxy` in the same run. Figures, not a test.
// `npm run bench -- sandbox`: what the simulated cluster costs (bench/sandbox.mjs); needs nothing.
// `npm run bench -- apps`: what deploying costs over the cluster's own part (bench/apps.mjs), on FAIRLEAD_TEST_KUBECONFIG or else the sandbox.
// Needs FAIRLEAD_TEST_KUBECONFIG (a testbed's control plane) and a kubectl; uses a namespace of its own and removes it.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { openLifetime } from './lib/lifetime.mjs';
import { adminPassword, startOwnFairlead } from './lib/own-fairlead.mjs';
import { listenOnce } from './lib/postgres.mjs';
import { untilReady } from './lib/ready.mjs';
import { apiBundle, buildApi, buildPackages, buildSandbox, buildWeb, install, requireNode } from './lib/setup.mjs';
import { explain, progress } from './lib/steps.mjs';
import { refuseForeignClusters } from './lib/test-cluster.mjs';

requireNode();
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: 'string', default: '5' }, pods: { type: 'string', default: '1000' } },
});
const seconds = Number(options.seconds);
const name = `bench-${Date.now().toString(36)}`;
const watchedPods = 50;
const rounds = 15;
const warmUpSeconds = 10;

const lifetime = openLifetime();
const temporary = mkdtempSync(path.join(os.tmpdir(), 'fairlead-bench-'));
process.on('exit', () => rmSync(temporary, { recursive: true, force: true }));

try {
  if (positionals.includes('sandbox')) {
    await install();
    await buildPackages();
    await buildSandbox();
    const { benchSandbox } = await import('./bench/sandbox.mjs');
    await benchSandbox({ temporary, lifetime, say });
    await lifetime.end(0);
  }
  if (positionals.includes('apps')) {
    await apps();
    await lifetime.end(0);
  }
  const kubeconfig = process.env.FAIRLEAD_TEST_KUBECONFIG;
  if (!kubeconfig) throw new Error("FAIRLEAD_TEST_KUBECONFIG is not set: name a testbed cluster's kubeconfig.");
  await install();
  await refuseForeignClusters();
  await buildPackages();
  await Promise.all([buildApi(), buildWeb()]);
  await bench(kubeconfig);
  await lifetime.end(0);
} catch (error) {
  if (!lifetime.ending) {
    explain(error);
    await lifetime.end(1);
  }
}

async function apps() {
  await install();
  await refuseForeignClusters();
  await buildPackages();
  await Promise.all([buildApi(), buildWeb(), buildSandbox()]);
  let kubeconfig = process.env.FAIRLEAD_TEST_KUBECONFIG;
  if (!kubeconfig) {
    const { startEphemeralSandbox } = await import('./lib/sandbox.mjs');
    kubeconfig = path.join(temporary, 'sandbox');
    await startEphemeralSandbox(lifetime, kubeconfig);
  }
  const fairlead = await startOwnFairlead(temporary, lifetime);
  const { benchApps } = await import('./bench/apps.mjs');
  const apiPid = () => childrenOf(fairlead.pid).find(isApi)?.pid;
  await benchApps({ temporary, lifetime, say, progress, fairlead, kubeconfig, adminPassword, apiPid });
}

async function bench(kubeconfig) {
  const { clusterOf, signIn } = await import('./bench/clients.mjs');
  await (await startOwnFairlead(temporary, lifetime)).stop();
  const fairlead = await startOwnFairlead(temporary, lifetime);
  say('second start', `${fairlead.startedInMs} ms`, 'at most 4000');

  const cluster = clusterOf(kubeconfig);
  const admin = await signIn(fairlead.origin, 'admin', adminPassword);
  await admin.call('POST', '/clusters', { name, kubeconfig: readFileSync(kubeconfig, 'utf8') });
  lifetime.add('the cluster of the benchmark', () => admin.call('DELETE', `/clusters/${name}`, { confirm: name, cleanup: true }));
  await admin.call('POST', '/projects', { name, namespaces: [{ cluster: name, namespace: name, create: true }] });
  lifetime.add('the project of the benchmark', () => removeProject(admin));
  const spec = { image: 'nginx:1.14.2', port: 80, replicas: watchedPods };
  await admin.call('POST', `/projects/${name}/apps`, { name: 'web', cluster: name, namespace: name, spec });
  const app = await admin.call('GET', `/projects/${name}/apps/web`);
  await untilPods(cluster, watchedPods);

  await throughput(cluster, admin, kubeconfig);
  await freshness(cluster, admin, fairlead, app.id, { perSecond: 1, first: 1 });
  await freshness(cluster, admin, fairlead, app.id, { perSecond: 50, first: 1000 });
  await audience(admin, fairlead);
  await memory(cluster, admin, fairlead);
}

/** With its app and namespace; the app is gone a moment after it was told to go. */
async function removeProject(admin) {
  await admin.call('DELETE', `/projects/${name}/apps/web`, { confirm: 'web' }).catch(() => {}); // perhaps it was never made
  const wanted = { confirm: name, deleteNamespaces: [{ cluster: name, namespace: name }] };
  for (let attempt = 1; ; attempt += 1)
    try {
      return await admin.call('DELETE', `/projects/${name}`, wanted);
    } catch (error) {
      if (attempt === 30) throw error;
      await sleep(1000);
    }
}

async function untilPods(cluster, wanted) {
  for (let attempt = 0; attempt < 600; attempt += 1) {
    const { items } = await cluster.call('GET', `/api/v1/namespaces/${name}/pods`);
    if (items.filter((pod) => pod.status.phase === 'Running').length === wanted) return items;
    await sleep(500);
  }
  throw new Error(`${wanted} pods did not become ready.`);
}

/** The same GET, in turns, so that what else the machine does meets both. */
async function throughput(cluster, admin, kubeconfig) {
  const { openLoad, percentile } = await import('./bench/load.mjs');
  const { parse } = await import('yaml');
  const through = parse(await admin.call('POST', `/clusters/${name}/kubeconfig`, { expiresInHours: 1 }));
  const gateway = through.clusters[0].cluster;
  const [pod] = (await cluster.call('GET', `/api/v1/namespaces/${name}/pods`)).items;
  const target = `/api/v1/namespaces/${name}/pods/${pod.metadata.name}`;
  const proxy = await kubectlProxy(kubeconfig);
  const sides = {
    'kubectl proxy': { url: `${proxy}${target}` },
    gateway: {
      url: `${gateway.server.replace(/\/$/, '')}${target}`,
      ca: Buffer.from(gateway['certificate-authority-data'], 'base64'),
      headers: { authorization: `Bearer ${through.users[0].user.token}` },
    },
  };
  const measured = {};
  for (const [side, target] of Object.entries(sides)) {
    const { run, close } = await openLoad(target);
    lifetime.add(`the load on ${side}`, async () => close());
    await run(warmUpSeconds); // until both have compiled what they run often
    measured[side] = { run, rates: [], latencies: [] };
  }
  // Short turns: what else the machine does meets both. Each gateway's turn is compared with the proxy's beside it.
  for (let round = 0; round < rounds; round += 1)
    for (const side of Object.values(measured)) {
      const { perSecond, latencies } = await side.run(seconds / 5);
      side.rates.push(perSecond);
      side.latencies.push(...latencies);
    }
  for (const [side, { rates, latencies }] of Object.entries(measured))
    say(
      `GET by ${side}`,
      `${Math.round(percentile(rates, 0.5))} /s`,
      `p50 ${ms(percentile(latencies, 0.5))}, p99 ${ms(percentile(latencies, 0.99))}`,
    );
  const ratios = measured.gateway.rates.map((rate, i) => rate / measured['kubectl proxy'].rates[i]);
  const [low, middle, high] = [0.25, 0.5, 0.75].map((share) => percentile(ratios, share).toFixed(2));
  say('gateway : kubectl proxy', middle, `at least 0.80; the median of ${rounds} turns, half of them between ${low} and ${high}`);
}

async function kubectlProxy(kubeconfig) {
  const port = await listenOnce(0);
  const proxy = spawn(process.env.FAIRLEAD_KUBECTL ?? 'kubectl', ['--kubeconfig', kubeconfig, 'proxy', `--port=${port}`], {
    stdio: 'ignore',
  });
  const gone = new Promise((resolve) => {
    proxy.once('exit', resolve);
    proxy.once('error', resolve);
  });
  lifetime.add('kubectl proxy', async () => void proxy.kill());
  await untilReady(`http://127.0.0.1:${port}/version`, { gone, timeoutMs: 15_000 });
  return `http://127.0.0.1:${port}`;
}

/** A pod's restarts are set in the cluster, counting from `first`; the row with that number is awaited on the live socket. */
async function freshness(cluster, admin, fairlead, app, { perSecond, first }) {
  const { percentile } = await import('./bench/load.mjs');
  const { subscribe } = await import('./bench/clients.mjs');
  const pods = await untilPods(cluster, watchedPods);
  const waiting = new Map();
  const delays = [];
  const subscription = await subscribe(fairlead.origin, admin.cookie(), 'pods', { app }, (row) => {
    const sent = waiting.get(`${row.key} ${row.restarts}`);
    if (sent === undefined) return;
    delays.push(performance.now() - sent);
    waiting.delete(`${row.key} ${row.restarts}`);
  });
  const changes = Math.max(20, perSecond * seconds);
  const answers = [];
  for (let i = 0; i < changes; i += 1) {
    const pod = pods[i % pods.length];
    const restarts = first + Math.floor(i / pods.length);
    const [status] = pod.status.containerStatuses;
    waiting.set(`${pod.metadata.uid} ${restarts}`, performance.now());
    const body = { status: { containerStatuses: [{ ...status, restartCount: restarts }] } };
    const sent = performance.now();
    answers.push(
      cluster
        .call('PATCH', `/api/v1/namespaces/${name}/pods/${pod.metadata.name}/status`, body, 'application/merge-patch+json')
        .then(() => performance.now() - sent),
    );
    await sleep(1000 / perSecond);
  }
  const writes = await Promise.all(answers);
  await sleep(1000);
  subscription.close();
  say(
    `change to browser at ${perSecond}/s`,
    `p50 ${ms(percentile(delays, 0.5))}, p95 ${ms(percentile(delays, 0.95))}, p99 ${ms(percentile(delays, 0.99))}`,
    `at most 250 ms; the cluster's own answer to the write p50 ${ms(percentile(writes, 0.5))}; ${delays.length} of ${changes} seen`,
  );
}

/** Idle live sockets: what one costs the API. A caller has at most 50, so several do it. */
async function audience(admin, fairlead) {
  const { openSockets, signIn } = await import('./bench/clients.mjs');
  const people = 10;
  const each = 49;
  const cookies = [];
  for (let i = 0; i < people; i += 1) {
    await admin.call('POST', '/users', { name: `reader-${i}`, password: adminPassword });
    cookies.push((await signIn(fairlead.origin, `reader-${i}`, adminPassword)).cookie());
  }
  const apiKb = () => childrenOf(fairlead.pid).find(isApi)?.rssKb ?? 0;
  const before = apiKb();
  const close = await openSockets(fairlead.origin, cookies, each);
  await sleep(3000);
  say('an idle live socket', `${((apiKb() - before) / (people * each)).toFixed(1)} kB`, `of ${people * each}; at most 50 kB`);
  close();
}

async function memory(cluster, admin, fairlead) {
  const pods = Number(options.pods);
  progress(`${pods} pods …`);
  await admin.call('POST', `/projects/${name}/apps/web/scale`, { replicas: pods });
  await untilPods(cluster, pods);
  await sleep(3000);
  const parts = childrenOf(fairlead.pid).filter((part) => isApi(part) || /next-server|server\.js/.test(part.command));
  const megabytes = parts.map((part) => `${isApi(part) ? 'API' : 'web'} ${Math.round(part.rssKb / 1024)} MB`);
  const total = parts.reduce((sum, { rssKb }) => sum + rssKb, 0) / 1024;
  say(`memory with ${pods} pods`, `${Math.round(total)} MB`, `${megabytes.join(', ')}; at most 400`);
}

function isApi({ command }) {
  return command.includes(apiBundle);
}

/** Linux only: what `pid` started, with its resident memory. */
function childrenOf(pid) {
  const ids = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
  return ids.map((id) => ({
    pid: Number(id),
    command: readFileSync(`/proc/${id}/cmdline`, 'utf8').replaceAll('\0', ' '),
    rssKb: Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1] ?? 0),
  }));
}

function ms(value) {
  return `${value.toFixed(1)} ms`;
}

function say(what, value, note) {
  console.log(`${what.padEnd(32)} ${value.padEnd(16)} ${note}`);
}
