import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIP } from 'node:net';
import { bits, der, integer, objectIdentifier, octets, sequence, set, time, truth, utf8 } from './der.js';

/** PEM, as kubeconfigs carry it. */
export interface Pair {
  certificate: string;
  key: string;
}

export interface Subject {
  commonName: string;
  organizations?: readonly string[];
}

const dayMs = 24 * 3600_000;
const ecdsaWithSha256 = sequence(objectIdentifier('1.2.840.10045.4.3.2'));

/** A new authority, for ten years. Keys are P-256. */
export function makeAuthority(commonName: string, now: number): Pair {
  const keys = newKeys();
  const subject = { commonName };
  const extensions = [
    extension('2.5.29.19', true, sequence(truth())),
    extension('2.5.29.15', true, bits(Buffer.from([0x06]), 1)), // keyCertSign, cRLSign
    extension('2.5.29.14', false, octets(keyIdentifier(keys.publicKey))),
  ];
  return made(
    { subject, issuer: subject, publicKey: keys.publicKey, signer: keys.privateKey, now, days: 3650, extensions },
    keys.privateKey,
  );
}

/** Signed by that authority: for a server (its names) or for a client, for a year. */
export function makeCertificate(
  authority: Pair & Subject,
  subject: Subject,
  use: { server: readonly string[] } | 'client',
  now: number,
): Pair {
  const keys = newKeys();
  const signer = createPrivateKey(authority.key);
  const extensions = [
    extension('2.5.29.19', true, sequence()),
    extension('2.5.29.15', true, bits(Buffer.from([0x80]), 7)), // digitalSignature
    extension('2.5.29.37', false, sequence(objectIdentifier(use === 'client' ? '1.3.6.1.5.5.7.3.2' : '1.3.6.1.5.5.7.3.1'))),
    extension('2.5.29.35', false, sequence(der(0x80, keyIdentifier(createPublicKey(authority.key))))),
    ...(use === 'client' ? [] : [extension('2.5.29.17', false, sequence(...use.server.map(alternativeName)))]),
  ];
  return made({ subject, issuer: authority, publicKey: keys.publicKey, signer, now, days: 365, extensions }, keys.privateKey);
}

interface Contents {
  subject: Subject;
  issuer: Subject;
  publicKey: KeyObject;
  signer: KeyObject;
  now: number;
  days: number;
  extensions: readonly Buffer[];
}

function made({ subject, issuer, publicKey, signer, now, days, extensions }: Contents, key: KeyObject): Pair {
  const serial = randomBytes(16);
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  const signed = sequence(
    der(0xa0, integer(Buffer.from([2]))), // v3
    integer(serial),
    ecdsaWithSha256,
    distinguishedName(issuer),
    // An hour back: the clock of a client may be a little behind ours.
    sequence(time(now - 3600_000), time(now + days * dayMs)),
    distinguishedName(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions)),
  );
  const certificate = sequence(signed, ecdsaWithSha256, bits(sign('sha256', signed, signer)));
  return { certificate: pem('CERTIFICATE', certificate), key: key.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

const newKeys = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });

function distinguishedName({ commonName, organizations = [] }: Subject): Buffer {
  const attribute = (type: string, value: string): Buffer => set(sequence(objectIdentifier(type), utf8(value)));
  return sequence(...organizations.map((each) => attribute('2.5.4.10', each)), attribute('2.5.4.3', commonName));
}

const extension = (type: string, critical: boolean, value: Buffer): Buffer =>
  sequence(objectIdentifier(type), ...(critical ? [truth()] : []), octets(value));

const keyIdentifier = (key: KeyObject): Buffer => {
  const spki = key.export({ type: 'spki', format: 'der' });
  return createHash('sha1').update(spki).digest();
};

function alternativeName(name: string): Buffer {
  if (isIP(name) === 4) return der(0x87, Buffer.from(name.split('.').map(Number)));
  if (isIP(name) === 6) {
    if (name !== '::1') throw new Error(`an IPv6 address other than ::1 in a certificate: ${name}`);
    return der(0x87, Buffer.from('00000000000000000000000000000001', 'hex'));
  }
  return der(0x82, Buffer.from(name, 'ascii'));
}

const pem = (label: string, content: Buffer): string =>
  `-----BEGIN ${label}-----\n${content.toString('base64').replace(/(.{64})(?=.)/g, '$1\n')}\n-----END ${label}-----\n`;
