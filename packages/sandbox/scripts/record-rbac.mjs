// Writes data/rbac.json.br: the roles and bindings that a real API server makes for itself (label kubernetes.io/bootstrapping=rbac-defaults).
//     kubectl get clusterroles,clusterrolebindings,roles,rolebindings -A -o json | node packages/sandbox/scripts/record-rbac.mjs
// Roles that gather others are written without rules: they gather them here as well.
import { readFileSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, constants } from 'node:zlib';

const order = ['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding'];
const { items } = JSON.parse(readFileSync(0, 'utf8'));
const recorded = items
  .filter(({ metadata }) => metadata.labels?.['kubernetes.io/bootstrapping'] === 'rbac-defaults')
  .map(({ apiVersion, kind, metadata: { name, namespace, labels, annotations }, ...rest }) => ({
    apiVersion,
    kind,
    metadata: { name, ...(namespace && { namespace }), ...(annotations && { annotations }), labels },
    ...rest,
    ...(rest.aggregationRule && { rules: [] }),
  }))
  .sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || (a.metadata.name < b.metadata.name ? -1 : 1));
const text = Buffer.from(JSON.stringify(recorded));
writeFileSync(
  new URL('../data/rbac.json.br', import.meta.url),
  brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: text.length } }),
);
console.log(`${recorded.length} objects, ${text.length} bytes`);
