// Records the description of the API that the sandbox serves: node record-api.mjs VERSION KUBECONFIG…
// Each KUBECONFIG is a testbed's (a real API server); the first that serves a group tells it. VERSION is that of the Go modules (0.34.4), which
// the machine's module cache must hold.
import { readFileSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { brotliCompressSync, constants } from 'node:zlib';
import { parse } from 'yaml';
import { goShapes } from './go-shapes.mjs';

/** The groups and versions with kinds that the sandbox serves, and of each the paths it may serve. */
const served = [
  'api/v1',
  'apis/apps/v1',
  'apis/batch/v1',
  'apis/autoscaling/v1',
  'apis/autoscaling/v2',
  'apis/policy/v1',
  'apis/networking.k8s.io/v1',
  'apis/storage.k8s.io/v1',
  'apis/scheduling.k8s.io/v1',
  'apis/coordination.k8s.io/v1',
  'apis/discovery.k8s.io/v1',
  'apis/events.k8s.io/v1',
  'apis/rbac.authorization.k8s.io/v1',
  'apis/authentication.k8s.io/v1',
  'apis/authorization.k8s.io/v1',
  'apis/apiextensions.k8s.io/v1',
  'apis/admissionregistration.k8s.io/v1',
  'apis/metrics.k8s.io/v1beta1',
];

const [version, ...kubeconfigs] = process.argv.slice(2);

function client(kubeconfig) {
  const { clusters, users } = parse(readFileSync(kubeconfig, 'utf8'));
  const [{ cluster }, { user }] = [clusters[0], users[0]];
  const pem = (data) => Buffer.from(data, 'base64');
  const credentials = {
    ca: pem(cluster['certificate-authority-data']),
    cert: pem(user['client-certificate-data']),
    key: pem(user['client-key-data']),
  };
  return (path) =>
    new Promise((resolve, reject) => {
      get(`${cluster.server}${path}`, credentials, (response) => {
        const pieces = [];
        response.on('data', (piece) => pieces.push(piece));
        response.on('end', () => resolve(response.statusCode === 200 ? JSON.parse(Buffer.concat(pieces).toString()) : undefined));
      }).on('error', reject);
    });
}

const clusters = kubeconfigs.map(client);
const components = {};
for (const each of served) {
  let document;
  for (const read of clusters) document ??= await read(`/openapi/v3/${each}`);
  if (!document) throw new Error(`${each} is served by none of these clusters`);
  Object.assign(components, document.components.schemas);
}

const all = goShapes([
  `k8s.io/api@v${version}`,
  `k8s.io/apimachinery@v${version}`,
  `k8s.io/apiextensions-apiserver@v${version}`,
  `k8s.io/metrics@v${version}`,
]);
const sorted = Object.keys(components).sort();
const shapes = {};
for (const name of sorted) if (all[name]?.length > 0) shapes[name] = all[name].join(' ');
const recorded = { version, components: Object.fromEntries(sorted.map((name) => [name, components[name]])), shapes };
const text = JSON.stringify(recorded);
const packed = brotliCompressSync(text, {
  params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: text.length },
});
writeFileSync(new URL('../data/api.json.br', import.meta.url), packed);
console.log(`${sorted.length} components, ${Object.keys(shapes).length} shapes, ${text.length} bytes, packed ${packed.length}`);
