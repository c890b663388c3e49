import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { KubeconfigError, parseKubeconfig } from './kubeconfig.js';

const { cert, key } = selfSigned();
const ca = Buffer.from(cert).toString('base64');

function config(change: { cluster?: string; user?: string; context?: string; top?: string } = {}): string {
  return [
    'apiVersion: v1',
    'kind: Config',
    'current-context: prod',
    'clusters:',
    '- name: c',
    `  cluster: {server: "https://cluster.example:6443/", certificate-authority-data: ${ca}${change.cluster ?? ''}}`,
    'users:',
    '- name: u',
    `  user: {token: s3cret${change.user ?? ''}}`,
    'contexts:',
    '- name: prod',
    `  context: {cluster: c, user: u, namespace: shop${change.context ?? ''}}`,
    change.top ?? '',
  ].join('\n');
}

test('reads a token and a certificate', () => {
  expect(parseKubeconfig(config())).toEqual({
    context: 'prod',
    server: 'https://cluster.example:6443',
    ca: cert,
    auth: { token: 's3cret' },
    namespace: 'shop',
    contexts: ['prod'],
  });
});

test('reads a client certificate with its key', () => {
  const data = `client-certificate-data: ${ca}, client-key-data: ${Buffer.from(key).toString('base64')}`;
  expect(parseKubeconfig(config().replace('token: s3cret', data)).auth).toEqual({ clientCertificate: cert, clientKey: key });
});

/** What must be refused, and under which name. */
const refusals: [string, string, string][] = [
  ['exec', config({ user: ', exec: {command: touch, args: [/tmp/pwned]}' }), 'users[0].user.exec'],
  ['auth-provider', config({ user: ', auth-provider: {name: gcp}' }), 'users[0].user.auth-provider'],
  ['tokenFile', config({ user: ', tokenFile: /etc/passwd' }), 'users[0].user.tokenFile'],
  ['certificate-authority path', config({ cluster: ', certificate-authority: /etc/passwd' }), 'clusters[0].cluster.certificate-authority'],
  ['client-certificate path', config({ user: ', client-certificate: /etc/passwd' }), 'users[0].user.client-certificate'],
  ['client-key path', config({ user: ', client-key: /etc/passwd' }), 'users[0].user.client-key'],
  ['proxy-url', config({ cluster: ', proxy-url: "http://evil"' }), 'clusters[0].cluster.proxy-url'],
  ['tls-server-name', config({ cluster: ', tls-server-name: evil' }), 'clusters[0].cluster.tls-server-name'],
  ['insecure-skip-tls-verify', config({ cluster: ', insecure-skip-tls-verify: true' }), 'clusters[0].cluster.insecure-skip-tls-verify'],
  ['as', config({ user: ', as: admin' }), 'users[0].user.as'],
  ['as-groups', config({ user: ', as-groups: ["system:masters"]' }), 'users[0].user.as-groups'],
  ['impersonate-user', config({ user: ', impersonate-user: admin' }), 'users[0].user.impersonate-user'],
  ['username and password', config({ user: ', username: a, password: b' }), 'users[0].user.username'],
  ['extensions', config({ top: 'extensions: []' }), 'extensions'],
  ['extensions of a context', config({ context: ', extensions: []' }), 'contexts[0].context.extensions'],
  ['an unknown field', config({ top: 'surprise: 1' }), 'surprise'],
  [
    'exec in a user that nobody chose',
    config().replace('contexts:', '- name: other\n  user: {exec: {command: sh}}\ncontexts:'),
    'users[1].user.exec',
  ],
  ['http', config().replace('https://', 'http://'), 'server'],
  ['user information', config().replace('https://', 'https://a:b@'), 'server'],
  ['a query', config().replace('6443/', '6443/?x=1'), 'server'],
  ['a fragment', config().replace('6443/', '6443/#x'), 'server'],
  ['a server with an escape', config().replace('6443/', '6443/%2e%2e'), 'server'],
  ['no server at all', config().replace('https://cluster.example:6443/', 'cluster.example'), 'server'],
  [
    '10,000 contexts',
    config({ top: Array.from({ length: 10_000 }, (_, i) => `- {name: x${i}, context: {cluster: c, user: u}}`).join('\n') }),
    '(file)',
  ],
  [
    '100 contexts',
    config({ top: Array.from({ length: 100 }, (_, i) => `- {name: x${i}, context: {cluster: c, user: u}}`).join('\n') }),
    'contexts',
  ],
  ['an anchor', config().replace('name: c\n', 'name: &x c\n'), 'anchor'],
  ['an alias', config().replace('name: c\n', 'name: *x\n'), 'alias'],
  ['a merge key', config({ user: ', <<: {exec: {}}' }), 'merge key'],
  ['a tag', config().replace('token: s3cret', 'token: !!str s3cret'), 'tag'],
  ['a repeated key', config({ user: ', token: other' }), 'repeated key'],
  ['two documents', `${config()}\n---\n${config()}`, '(file)'],
  ['too large a file', `${config()}\n#${'x'.repeat(256 * 1024)}`, '(file)'],
  ['two contexts of one name', config({ top: '- {name: prod, context: {cluster: c, user: u}}' }), 'contexts[1].name'],
  ['a certificate that is none', config().replace(ca, 'aGVsbG8='), 'certificate-authority-data'],
  ['a certificate that is no base64', config().replace(ca, '/etc/passwd!'), 'certificate-authority-data'],
  ['a token with a line break', config().replace('s3cret', '"s3cret\\r\\nX: y"'), 'user.token'],
  ['no credential', config().replace('token: s3cret', ''), 'user'],
  ['a missing cluster', config().replace('name: c\n', 'name: d\n'), 'clusters'],
  ['an empty file', '', '(file)'],
  ['a list', '- 1', '(file)'],
];

test.each(refusals)('%s is refused by name and never quoted', (_name, text, field) => {
  let thrown: unknown;
  try {
    parseKubeconfig(text);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(KubeconfigError);
  expect(thrown).toMatchObject({ field });
  expect(String(thrown)).not.toMatch(/s3cret|passwd|evil/);
});

test('another context can be chosen', () => {
  const text = config({ top: '- {name: dev, context: {cluster: c, user: u}}' });
  expect(parseKubeconfig(text, { context: 'dev' })).toMatchObject({ context: 'dev', contexts: ['prod', 'dev'] });
  expect(() => parseKubeconfig(text, { context: 'nope' })).toThrow(KubeconfigError);
});

function selfSigned(): { cert: string; key: string } {
  const folder = mkdtempSync(join(tmpdir(), 'kubeconfig-'));
  try {
    const [certPath, keyPath] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=test'];
    execFileSync('openssl', [...args, '-keyout', keyPath, '-out', certPath], { stdio: 'ignore' });
    return { cert: readFileSync(certPath, 'utf8'), key: readFileSync(keyPath, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
