// Tests make and delete things in the cluster that they are given: only a testbed's may be given.
import { existsSync, readFileSync } from 'node:fs';
import { isIP } from 'node:net';

const variables = ['FAIRLEAD_TEST_KUBECONFIG', 'FAIRLEAD_TEST_KUBECONFIG_NODE'];

/** Throws unless every server of the kubeconfigs that the environment names is loopback or the testbed's 10.250.0.1. */
export async function refuseForeignClusters(env = process.env) {
  const { parse } = await import('yaml');
  for (const variable of variables) {
    const file = env[variable];
    if (!file) continue;
    if (!existsSync(file)) throw new Error(`${variable} names ${file}, which does not exist.`);
    const clusters = parse(readFileSync(file, 'utf8'))?.clusters;
    const servers = Array.isArray(clusters) ? clusters.map((entry) => entry?.cluster?.server) : [];
    if (servers.length === 0) throw new Error(`${variable} names ${file}, which has no cluster.`);
    for (const server of servers)
      if (!isTestServer(server))
        throw new Error(`${variable} names a cluster that is neither on loopback nor the testbed's: the tests would change it. Refused.`);
  }
}

/** By address: a name could mean any machine. */
export function isTestServer(server) {
  let hostname;
  try {
    ({ hostname } = new URL(server));
  } catch {
    return false;
  }
  if (hostname === 'localhost' || hostname === '[::1]' || hostname === '10.250.0.1') return true;
  return isIP(hostname) === 4 && hostname.startsWith('127.');
}
