import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TestCertificate {
  ca: string;
  cert: string;
  key: string;
}

/** A fresh authority and a server certificate for `names` (subjectAltName syntax), by the machine's openssl. */
export function makeCertificate(names = 'DNS:localhost,IP:127.0.0.1', days = 2): TestCertificate {
  const folder = mkdtempSync(join(tmpdir(), 'kube-tls-'));
  const path = (name: string) => join(folder, name);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  try {
    openssl('req', '-x509', ...newKey, '-days', '2', '-subj', '/CN=test authority', '-keyout', 'ca.key', '-out', 'ca.pem');
    openssl('req', ...newKey, '-subj', '/CN=scripted', '-keyout', 'key.pem', '-out', 'request.pem');
    writeFileSync(path('names.cnf'), `subjectAltName=${names}\n`);
    const sign = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', String(days), '-extfile', 'names.cnf'];
    openssl('x509', '-req', '-in', 'request.pem', ...sign, '-out', 'cert.pem');
    const read = (name: string) => readFileSync(path(name), 'utf8');
    return { ca: read('ca.pem'), cert: read('cert.pem'), key: read('key.pem') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
