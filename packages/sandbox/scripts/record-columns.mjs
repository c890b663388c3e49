// Records the columns that a real API server gives its Tables: node record-columns.mjs KUBECONFIG
import { readFileSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { brotliCompressSync, constants } from 'node:zlib';
import { parse } from 'yaml';

const groups = [
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
  'apis/apiextensions.k8s.io/v1',
  'apis/admissionregistration.k8s.io/v1',
];

const [kubeconfig] = process.argv.slice(2);
const { clusters, users } = parse(readFileSync(kubeconfig, 'utf8'));
const [{ cluster }, { user }] = [clusters[0], users[0]];
const pem = (data) => Buffer.from(data, 'base64');
const credentials = {
  ca: pem(cluster['certificate-authority-data']),
  cert: pem(user['client-certificate-data']),
  key: pem(user['client-key-data']),
};
const read = (path, accept) =>
  new Promise((resolve, reject) => {
    get(`${cluster.server}/${path}`, { ...credentials, headers: { accept } }, (response) => {
      const pieces = [];
      response.on('data', (piece) => pieces.push(piece));
      response.on('end', () => resolve(JSON.parse(Buffer.concat(pieces).toString())));
    }).on('error', reject);
  });

const columns = {};
for (const group of groups) {
  const { resources } = await read(group, 'application/json');
  for (const { name, verbs } of resources) {
    if (!verbs.includes('list') || name.includes('/')) continue;
    const table = await read(`${group}/${name}?limit=1`, 'application/json;as=Table;v=v1;g=meta.k8s.io');
    columns[`${group.replace(/^apis?\//, '')}/${name}`] = table.columnDefinitions;
  }
}
const text = JSON.stringify(columns);
const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: text.length } };
writeFileSync(new URL('../data/columns.json.br', import.meta.url), brotliCompressSync(text, quality));
