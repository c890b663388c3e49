import 'reflect-metadata';
import { randomBytes, type webcrypto, X509Certificate } from 'node:crypto';
import { chmod, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { isIP } from 'node:net';
import path from 'node:path';
import * as x509 from '@peculiar/x509';

export interface DoorCertificate {
  /** Who signed: what a client of the door has to trust. */
  caPem: string;
  certPem: string;
  keyPem: string;
}

const keyAlgorithm = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const signing = { name: 'ECDSA', hash: 'SHA-256' } as const;
const dayMs = 24 * 3600_000;
const renewBeforeMs = 30 * dayMs;
const lifetimeDays = { authority: 3650, server: 365 } as const;

/**
 * The door's certificate for these names and addresses, signed by an authority that is made once in `<folder>` (keys 0600, the folder 0700). A new one is
 * made when the names change or fewer than 30 days are left. An authority that expires within that time is made anew, and clients must trust the new one.
 */
export async function doorCertificate(folder: string, names: readonly string[], now: Date): Promise<DoorCertificate> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const authority = (await readPair(folder, 'door-ca', now)) ?? (await makeAuthority(folder, now));
  const held = await readPair(folder, 'door', now);
  if (held && isSignedBy(held.cert, authority.cert) && sameNames(held.cert, names))
    return { caPem: authority.cert, certPem: held.cert, keyPem: held.key };
  const made = await makeServer(folder, authority, names, now);
  return { caPem: authority.cert, certPem: made.cert, keyPem: made.key };
}

interface Pair {
  cert: string;
  key: string;
}

async function readPair(folder: string, name: string, now: Date): Promise<Pair | null> {
  try {
    const [cert, key] = await Promise.all([
      readFile(path.join(folder, `${name}.crt`), 'utf8'),
      readFile(path.join(folder, `${name}.key`), 'utf8'),
    ]);
    const parsed = new X509Certificate(cert);
    const left = new Date(parsed.validTo).getTime() - now.getTime();
    if (left < renewBeforeMs || new Date(parsed.validFrom) > now) return null;
    await chmod(path.join(folder, `${name}.key`), 0o600);
    return { cert, key };
  } catch {
    return null; // not there, or not readable as a certificate: made anew
  }
}

async function makeAuthority(folder: string, now: Date): Promise<Pair> {
  const keys = await crypto.subtle.generateKey(keyAlgorithm, true, ['sign', 'verify']);
  const cert = await x509.X509CertificateGenerator.createSelfSigned({
    ...validity(now, lifetimeDays.authority),
    name: [{ CN: ['Fairlead door authority'] }],
    keys,
    signingAlgorithm: signing,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return writePair(folder, 'door-ca', cert, keys.privateKey);
}

async function makeServer(folder: string, authority: Pair, names: readonly string[], now: Date): Promise<Pair> {
  const issuer = new x509.X509Certificate(authority.cert);
  const issuerKey = await crypto.subtle.importKey('pkcs8', x509.PemConverter.decodeFirst(authority.key), keyAlgorithm, false, ['sign']);
  const keys = await crypto.subtle.generateKey(keyAlgorithm, true, ['sign', 'verify']);
  const cert = await x509.X509CertificateGenerator.create({
    ...validity(now, lifetimeDays.server),
    subject: [{ CN: ['Fairlead'] }],
    issuer: issuer.subject,
    publicKey: keys.publicKey,
    signingKey: issuerKey,
    signingAlgorithm: signing,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(names.map((value) => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value }) as const)),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return writePair(folder, 'door', cert, keys.privateKey);
}

// An hour back: the clock of a client may be a little behind ours.
const validity = (now: Date, days: number) => ({
  serialNumber: `00${randomBytes(15).toString('hex')}`,
  notBefore: new Date(now.getTime() - 3600_000),
  notAfter: new Date(now.getTime() + days * dayMs),
});

async function writePair(folder: string, name: string, certificate: x509.X509Certificate, privateKey: webcrypto.CryptoKey): Promise<Pair> {
  const key = x509.PemConverter.encode(await crypto.subtle.exportKey('pkcs8', privateKey), 'PRIVATE KEY');
  const cert = certificate.toString('pem');
  await writeWhole(path.join(folder, `${name}.key`), `${key}\n`, 0o600);
  await writeWhole(path.join(folder, `${name}.crt`), `${cert}\n`, 0o644);
  return { cert: `${cert}\n`, key: `${key}\n` };
}

/** The old file, or the whole new one; never readable by others in between. */
async function writeWhole(file: string, text: string, mode: number): Promise<void> {
  const temporary = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    const handle = await open(temporary, 'wx', mode);
    await handle.writeFile(text);
    await handle.sync();
    await handle.close();
    await rename(temporary, file);
  } finally {
    await rm(temporary, { force: true });
  }
}

function isSignedBy(cert: string, ca: string): boolean {
  const [subject, issuer] = [new X509Certificate(cert), new X509Certificate(ca)];
  return subject.checkIssued(issuer) && subject.verify(issuer.publicKey);
}

function sameNames(cert: string, names: readonly string[]): boolean {
  const parsed = new X509Certificate(cert);
  const count = parsed.subjectAltName?.split(',').length ?? 0;
  return count === names.length && names.every((name) => (isIP(name) === 0 ? parsed.checkHost(name) : parsed.checkIP(name)) !== undefined);
}
