// `npm run bench -- sandbox`: what the simulated cluster costs. Figures, not a test; only the order of events is asserted.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import https from 'node:https';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startNode } from '../lib/child.mjs';
import { fromRoot } from '../lib/paths.mjs';
import { toolEnv } from '../lib/run.mjs';
import { sandboxProgram } from '../lib/setup.mjs';

const main = fromRoot(sandboxProgram);
const pods = 5000;
const rolled = 50;
const watchers = 100;
const writesPerSecond = 300;
const seconds = 10;

/** `say(name, value, limit)` prints a figure. The package must be built. */
export async function benchSandbox({ temporary, lifetime, say }) {
  const starts = [];
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const sandbox = await start(lifetime, ['--ephemeral', '--kubeconfig', path.join(temporary, `kubeconfig-${attempt}`)]);
    starts.push(sandbox.startedInMs);
    await sandbox.stop();
  }
  say('start (median of 5)', `${starts.sort((a, b) => a - b)[2]} ms`, 'at most 1000');

  const usual = await start(lifetime, ['--ephemeral', '--kubeconfig', path.join(temporary, 'kubeconfig-usual')]);
  await usual.call('POST', '/api/v1/namespaces', { metadata: { name: 'bench' } });
  await rollout(usual, say);
  await order(usual, say);
  await usual.stop();

  const args = ['--data', path.join(temporary, 'data'), '--kubeconfig', path.join(temporary, 'kubeconfig'), '--nodes', '60'];
  let sandbox = await start(lifetime, args);
  await sandbox.call('POST', '/api/v1/namespaces', { metadata: { name: 'bench' } });
  await memory(sandbox, say);
  await sandbox.stop();
  sandbox = await start(lifetime, args);
  say('restart with its state', `${sandbox.startedInMs} ms`, 'at most 2000');
  const found = (await sandbox.call('GET', '/api/v1/namespaces/bench/pods')).items.length;
  if (found !== pods) throw new Error(`${found} pods after the restart`);
  await sandbox.kill();
  sandbox = await start(lifetime, args);
  say('restart after kill -9', `${sandbox.startedInMs} ms`, 'at most 2000');
  await sandbox.stop();
  say(
    'load of the machine',
    os
      .loadavg()
      .map((each) => each.toFixed(1))
      .join(' '),
    `${os.availableParallelism()} processors`,
  );
}

async function start(lifetime, args) {
  const began = performance.now();
  const child = startNode(main, { args: ['--port', '0', ...args], env: toolEnv(), stdio: 'pipe' });
  lifetime.add('the sandbox', child.stop, child.force);
  child.stderr.pipe(process.stderr);
  const line = await new Promise((resolve, reject) => {
    child.stdout.once('data', (text) => resolve(String(text)));
    void child.gone.then((code) => reject(new Error(`The sandbox ended with ${code}.`)));
  });
  const startedInMs = Math.round(performance.now() - began);
  const kubeconfig = JSON.parse(readFileSync(/kubeconfig: (.*)\n/.exec(line)[1], 'utf8'));
  const text = (base64) => Buffer.from(base64, 'base64').toString('utf8');
  const { server, 'certificate-authority-data': ca } = kubeconfig.clusters[0].cluster;
  const { 'client-certificate-data': cert, 'client-key-data': key } = kubeconfig.users[0].user;
  const options = { host: '127.0.0.1', port: new URL(server).port, ca: text(ca), cert: text(cert), key: text(key) };
  const agent = new https.Agent({ ...options, keepAlive: true, maxSockets: 16 });
  return {
    startedInMs,
    pid: child.pid,
    stop: async () => {
      agent.destroy();
      await child.stop();
    },
    kill: async () => {
      agent.destroy();
      await child.force();
      await child.gone;
    },
    call: (method, target, body, type = 'application/json') => call({ ...options, agent }, method, target, body, type),
    follow: (target, onLine) => follow({ ...options, agent: false }, target, onLine),
  };
}

function call(options, method, target, body, type) {
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { 'content-type': type };
    const request = https.request({ ...options, method, path: target, headers }, (response) => {
      const pieces = [];
      response.on('data', (piece) => pieces.push(piece));
      response.on('end', () => {
        const answer = JSON.parse(Buffer.concat(pieces).toString('utf8'));
        if (response.statusCode < 300) resolve(answer);
        else reject(new Error(`${method} ${target}: ${response.statusCode} ${answer.message}`));
      });
    });
    request.on('error', reject);
    request.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** Calls with each line of a watch; answers, once it has begun, what ends it. */
function follow(options, target, onLine) {
  return new Promise((resolve, reject) => {
    let rest = '';
    const request = https.request({ ...options, path: target }, (response) => {
      response.on('data', (piece) => {
        const lines = (rest + piece).split('\n');
        rest = lines.pop();
        for (const line of lines) onLine(line);
      });
      resolve(() => request.destroy());
    });
    request.on('error', reject);
    request.end();
  });
}

const deployment = (name, replicas, image) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'web', image }] } },
  },
});
const deployments = '/apis/apps/v1/namespaces/bench/deployments';

async function untilAvailable(sandbox, name) {
  for (let attempt = 0; attempt < 4000; attempt += 1) {
    const { metadata, spec, status = {} } = await sandbox.call('GET', `${deployments}/${name}`);
    const counts = [status.replicas, status.updatedReplicas, status.availableReplicas];
    if (status.observedGeneration === metadata.generation && counts.every((count) => count === spec.replicas)) return;
    await sleep(50);
  }
  throw new Error(`${name} did not become available.`);
}

async function rollout(sandbox, say) {
  await sandbox.call('POST', deployments, deployment('rolled', rolled, 'nginx:1.27'));
  await untilAvailable(sandbox, 'rolled');
  const began = performance.now();
  const change = { spec: { template: { spec: { containers: [{ name: 'web', image: 'nginx:1.28' }] } } } };
  await sandbox.call('PATCH', `${deployments}/rolled`, change, 'application/strategic-merge-patch+json');
  await untilAvailable(sandbox, 'rolled');
  say(`rollout of ${rolled} replicas`, `${((performance.now() - began) / 1000).toFixed(1)} s`, 'at most 5');
}

/** Every watcher must see every change once, in the order of the revisions. */
async function order(sandbox, say) {
  const configmaps = '/api/v1/namespaces/bench/configmaps';
  const names = Array.from({ length: 50 }, (_, index) => `m-${index}`);
  for (const name of names) await sandbox.call('POST', configmaps, { metadata: { name } });
  const { metadata } = await sandbox.call('GET', configmaps);
  const seen = Array.from({ length: watchers }, () => []);
  const late = [];
  const stops = await Promise.all(
    seen.map((versions, index) =>
      sandbox.follow(`${configmaps}?watch=1&resourceVersion=${metadata.resourceVersion}`, (line) => {
        // Parsing all of them would measure this process.
        versions.push(Number(/"resourceVersion":"(\d+)"/.exec(line)[1]));
        if (index === 0) late.push(Date.now() - Number(/"at":"(\d+)"/.exec(line)[1]));
      }),
    ),
  );
  const written = [];
  const began = performance.now();
  const writes = [];
  for (let count = 0; count < writesPerSecond * seconds; count += 1) {
    const due = began + (count * 1000) / writesPerSecond;
    if (performance.now() < due) await sleep(due - performance.now());
    const change = { data: { at: String(Date.now()), count: String(count) } };
    const target = `${configmaps}/${names[count % names.length]}`;
    writes.push(
      sandbox
        .call('PATCH', target, change, 'application/merge-patch+json')
        .then((object) => written.push(Number(object.metadata.resourceVersion))),
    );
  }
  await Promise.all(writes);
  const rate = written.length / ((performance.now() - began) / 1000);
  written.sort((a, b) => a - b);
  for (let attempt = 0; attempt < 200 && seen.some((versions) => versions.length < written.length); attempt += 1) await sleep(50);
  for (const stop of stops) stop();
  const wrong = seen.filter(
    (versions) => versions.length !== written.length || versions.some((version, index) => version !== written[index]),
  );
  if (wrong.length > 0) throw new Error(`${wrong.length} of ${watchers} watchers lost or reordered events`);
  late.sort((a, b) => a - b);
  const median = late[Math.floor(late.length / 2)];
  say(
    `${watchers} watchers, none lost or reordered`,
    `${Math.round(rate)} writes/s, ${median} ms to a watcher`,
    `${writesPerSecond} writes/s`,
  );
}

async function memory(sandbox, say) {
  await sandbox.call('POST', deployments, deployment('many', pods, 'nginx:1.27'));
  await untilAvailable(sandbox, 'many');
  await sleep(3000);
  const kilobytes = Number(execFileSync('ps', ['-o', 'rss=', '-p', String(sandbox.pid)], { encoding: 'utf8' }));
  say(`memory with ${pods} pods`, `${Math.round(kilobytes / 1024)} MB`, 'at most 300');
}
