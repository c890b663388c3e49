// The import rules of the code, checked by `npm run check`.
// apps/api: platform → features → doors, and among features only from a higher step to a lower one's index.ts.
const steps = [
  ['audit'],
  ['auth'],
  ['access'],
  ['users', 'teams', 'tokens', 'projects', 'clusters', 'audit-view'],
  ['apps', 'pods', 'metrics', 'webhooks'],
  ['live', 'gateway'],
  ['ports'],
];
const feature = (names) => `^apps/api/src/features/(${names.join('|')})/`;

const climbing = steps.slice(0, -1).map((names, step) => ({
  name: `api-step-${step + 1}-not-up`,
  comment: `${names.join(', ')} may not import what stands above: pass a function, or raise an event.`,
  severity: 'error',
  from: { path: feature(names) },
  to: { path: feature(steps.slice(step + 1).flat()) },
}));

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    {
      name: 'shared-is-browser-safe',
      comment: 'packages/shared is plain functions and zod: no node: modules, nothing else of ours.',
      severity: 'error',
      from: { path: '^packages/shared/src', pathNot: '[.]spec[.]ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'shared-needs-zod-alone',
      severity: 'error',
      from: { path: '^packages/shared/src', pathNot: '[.]spec[.]ts$' },
      to: { pathNot: ['^packages/shared/src', 'node_modules/zod/', '(^|/)zod'], dependencyTypesNot: ['core'] },
    },
    {
      name: 'kube-knows-nothing-of-the-product',
      severity: 'error',
      from: { path: '^packages/kube' },
      to: { path: '^(apps/|packages/(?!kube/))' },
    },
    {
      name: 'sandbox-on-kube-alone',
      comment: 'The sandbox is a cluster like any other: it knows nothing of the product, and the product reaches it only over HTTPS.',
      severity: 'error',
      from: { path: '^packages/sandbox' },
      to: { path: '^(apps/|packages/(?!kube/|sandbox/))' },
    },
    {
      name: 'nothing-imports-the-sandbox',
      severity: 'error',
      from: { path: '^(apps|packages/(?!sandbox/))' },
      to: { path: '^packages/sandbox' },
    },
    { name: 'packages-not-to-apps', severity: 'error', from: { path: '^packages/' }, to: { path: '^apps/' } },
    { name: 'web-not-to-api-or-kube', severity: 'error', from: { path: '^apps/web' }, to: { path: '^(apps/api|packages/kube)' } },
    {
      name: 'web-takes-types-of-the-contract',
      comment:
        'Its values carry their validators, which no page should have to load: lib/ repeats the plain tables, and a spec holds them equal.',
      severity: 'error',
      from: { path: '^apps/web/src', pathNot: '[.]spec[.]tsx?$' },
      to: { path: '^packages/shared', dependencyTypesNot: ['type-only'] },
    },
    { name: 'api-not-to-web', severity: 'error', from: { path: '^apps/api' }, to: { path: '^apps/web' } },
    {
      name: 'platform-not-to-features',
      comment: 'platform/ knows Node, Nest and Postgres, never the product.',
      severity: 'error',
      from: { path: '^apps/api/src/platform/' },
      to: { path: '^apps/api/src/(features/|main|app[.]module|door)' },
    },
    {
      name: 'features-by-their-index',
      comment: "Another feature's files are its own: import its index.ts.",
      severity: 'error',
      from: { path: '^apps/api/src/features/([^/]+)/' },
      to: { path: '^apps/api/src/features/', pathNot: ['^apps/api/src/features/$1/', '^apps/api/src/features/[^/]+/index[.]ts$'] },
    },
    {
      name: 'nothing-imports-the-doors',
      severity: 'error',
      from: { path: '^apps/api/src/features/', pathNot: '^apps/api/src/features/(live|gateway|ports)/' },
      to: { path: '^apps/api/src/features/(live|gateway|ports)/' },
    },
    ...climbing,
    {
      name: 'web-features-stand-alone',
      comment: 'Features of the dashboard never import each other; what two need lies in components/ or lib/.',
      severity: 'error',
      from: { path: '^apps/web/src/features/([^/]+)/' },
      to: { path: '^apps/web/src/features/', pathNot: '^apps/web/src/features/$1/' },
    },
    {
      name: 'web-not-up',
      comment: 'app/ uses features/, features/ use components/, components/ use lib/.',
      severity: 'error',
      from: { path: '^apps/web/src/(lib|components)/' },
      to: { path: '^apps/web/src/(app|features)/' },
    },
    {
      name: 'web-lib-not-to-components',
      severity: 'error',
      from: { path: '^apps/web/src/lib/' },
      to: { path: '^apps/web/src/components/' },
    },
    {
      name: 'web-features-not-to-routes',
      severity: 'error',
      from: { path: '^apps/web/src/features/' },
      to: { path: '^apps/web/src/app/' },
    },
    {
      name: 'scripts-not-to-the-product',
      comment: 'They run before it is built.',
      severity: 'error',
      from: { path: '^scripts/' },
      to: { path: '^(apps|packages)/' },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '(^|/)dist/'] },
    exclude: { path: '(^|/)([.]next|generated)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.imports.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.json'],
    },
  },
};
