import { createPrivateKey, X509Certificate } from 'node:crypto';

const isPem = (text: string): boolean => /-----BEGIN [^-]+-----/.test(text);

/** What Go says of a certificate and a key that do not belong together; undefined where they do. */
export function keyPairProblem(certificate: string, key: string): string | undefined {
  if (!isPem(certificate)) return 'tls: failed to find any PEM data in certificate input';
  if (!isPem(key)) return 'tls: failed to find any PEM data in key input';
  try {
    return new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key))
      ? undefined
      : 'tls: private key does not match public key';
  } catch {
    return 'tls: failed to parse private key';
  }
}
