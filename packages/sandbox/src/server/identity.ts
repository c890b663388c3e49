import { generateKeyPairSync, randomBytes, X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { makeAuthority, makeCertificate, type Pair } from './certificate.js';

/** Who the sandbox is: what must stay the same over a restart, so that a kubeconfig and tokens stay good. */
export interface Identity {
  authority: Pair;
  /** The door's own certificate. */
  server: Pair;
  /** `kubernetes-admin`, O=system:masters. */
  admin: Pair;
  /** PEM of the key (P-256) that signs the tokens of service accounts. */
  serviceAccountKey: string;
}

const authorityName = 'sandbox-ca';
const names = ['localhost', 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc', 'kubernetes.default.svc.cluster.local'];
const addresses = ['127.0.0.1', '::1', '10.96.0.1'];
const renewBeforeMs = 30 * 24 * 3600_000;

/** From the folder, or new (and kept there, readable by nobody else). Without a folder nothing is kept. */
export function openIdentity(folder: string | undefined, now: number): Identity {
  const authority = kept(folder, 'ca', now) ?? keep(folder, 'ca', makeAuthority(authorityName, now));
  const issuer = { ...authority, commonName: authorityName };
  const signed = (name: string, make: () => Pair): Pair => {
    const known = kept(folder, name, now);
    if (known && new X509Certificate(known.certificate).verify(new X509Certificate(authority.certificate).publicKey)) return known;
    return keep(folder, name, make());
  };
  return {
    authority,
    server: signed('server', () => makeCertificate(issuer, { commonName: 'kube-apiserver' }, { server: [...names, ...addresses] }, now)),
    admin: signed('admin', () =>
      makeCertificate(issuer, { commonName: 'kubernetes-admin', organizations: ['system:masters'] }, 'client', now),
    ),
    serviceAccountKey: serviceAccountKey(folder),
  };
}

function serviceAccountKey(folder: string | undefined): string {
  const file = folder && path.join(folder, 'service-account.key');
  if (file && existsSync(file)) return readFileSync(file, 'utf8');
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  if (file) writeWhole(file, key);
  return key;
}

function kept(folder: string | undefined, name: string, now: number): Pair | undefined {
  if (!folder) return undefined;
  try {
    const [certificate = '', key = ''] = ['crt', 'key'].map((ending) => readFileSync(path.join(folder, `${name}.${ending}`), 'utf8'));
    const left = Date.parse(new X509Certificate(certificate).validTo) - now;
    return left > renewBeforeMs ? { certificate, key } : undefined;
  } catch {
    return undefined; // not there, or not readable as a certificate: made anew
  }
}

function keep(folder: string | undefined, name: string, pair: Pair): Pair {
  if (!folder) return pair;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeWhole(path.join(folder, `${name}.key`), pair.key);
  writeWhole(path.join(folder, `${name}.crt`), pair.certificate);
  return pair;
}

/** The old file, or the whole new one; readable by its owner only. */
export function writeWhole(file: string, text: string): void {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const temporary = `${file}.${randomBytes(6).toString('hex')}`;
  writeFileSync(temporary, text, { mode: 0o600, flag: 'wx' });
  renameSync(temporary, file);
}
