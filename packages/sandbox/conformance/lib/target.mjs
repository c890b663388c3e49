// The cluster that is asked, and what it can do.
import { mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, readKubeconfig } from './client.mjs';
import { usableKubectl } from './kubectl.mjs';

export const label = 'conformance.fairlead.dev/run';

export async function openTarget(kubeconfig) {
  const client = new Client(readKubeconfig(kubeconfig));
  const kubectl = process.env.FAIRLEAD_KUBECTL ?? 'kubectl';
  const cache = mkdtempSync(path.join(os.tmpdir(), 'fairlead-conformance-'));
  const run = Date.now().toString(36).slice(-5);
  const target = { client, kubeconfig, kubectl, cache, run, patience: 1 };
  const version = await client.request('GET', '/version');
  if (version.status !== 200) throw new Error(`GET /version answers ${version.status} ${version.text}`);
  target.version = version.body.gitVersion;
  target.simulated = target.version.includes('sandbox');
  target.can = new Set();
  target.kubectlVersion = await usableKubectl(kubectl);
  const given = process.env.FAIRLEAD_CONFORMANCE_NEEDS;
  if (given !== undefined) for (const need of given.split(/[\s,]+/).filter(Boolean)) target.can.add(need);
  else for (const need of await detect(target)) target.can.add(need);
  if (!target.kubectlVersion) target.can.delete('kubectl');
  if (process.env.FAIRLEAD_CONFORMANCE_LONG) target.can.add('long');
  return target;
}

async function detect(target) {
  const [run, metrics] = await Promise.all([runsContainers(target), hasMetrics(target)]);
  return [run && 'run', metrics && 'metrics', target.kubectlVersion && 'kubectl'].filter(Boolean);
}

async function hasMetrics({ client }) {
  const answer = await client.request('GET', '/apis/metrics.k8s.io/v1beta1/nodes');
  return answer.status === 200;
}

/** A pod that says a word in its log: only where something is executed, or well pretended. */
async function runsContainers(target) {
  const { client, run } = target;
  const since = performance.now();
  const namespace = `conf-${run}-probe`;
  try {
    await makeNamespace(client, namespace, run);
    await client.request('POST', `/api/v1/namespaces/${namespace}/pods`, {
      metadata: { name: 'probe' },
      spec: { containers: [{ name: 'main', image: 'busybox:1.36', command: ['sh', '-c', 'echo ready; sleep 3600'] }] },
    });
    for (let attempt = 0; attempt < 60; attempt += 1) {
      const { body } = await client.request('GET', `/api/v1/namespaces/${namespace}/pods/probe`);
      if (body?.status?.phase === 'Running') break;
      await sleep(250);
    }
    for (let attempt = 0; attempt < 4; attempt += 1) {
      const log = await client.request('GET', `/api/v1/namespaces/${namespace}/pods/probe/log`);
      if (log.status === 200 && log.text.includes('ready')) {
        if (performance.now() - since > 1500) target.patience = 2; // real containers take their time, most of all when many start at once
        return true;
      }
      if (log.status !== 200) return false;
      await sleep(500);
    }
    return false;
  } catch {
    return false;
  } finally {
    await client.request('DELETE', `/api/v1/namespaces/${namespace}`);
  }
}

let accountsAppear = true;

/** With its default ServiceAccount, without which no pod can be made. Where none appeared once, none is waited for again: the cases will tell. */
export async function makeNamespace(client, name, run, labels = {}) {
  const made = await client.request('POST', '/api/v1/namespaces', { metadata: { name, labels: { ...labels, [label]: run } } });
  if (made.status !== 201) throw new Error(`the namespace ${name} could not be made: ${made.status} ${made.text}`);
  for (let attempt = 0; accountsAppear && attempt < 120; attempt += 1) {
    const account = await client.request('GET', `/api/v1/namespaces/${name}/serviceaccounts/default`);
    if (account.status === 200) return;
    await sleep(Math.min(25 * (attempt + 1), 200));
  }
  accountsAppear = false;
}
