import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { doorCertificate } from './certificate.js';

const names = ['localhost', '127.0.0.1', '::1', 'fairlead.example.com'];
const now = new Date();
const days = (n: number) => new Date(now.getTime() + n * 24 * 3600_000);

describe("the door's certificate", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'fairlead-door-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('is what a client that trusts its authority accepts, for each of its names', async () => {
    const { caPem, certPem, keyPem } = await doorCertificate(folder, names, now);
    const server = tls.createServer({ cert: certPem, key: keyPem }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    const connect = (servername: string, ca: string) =>
      new Promise<string>((resolve) => {
        const socket = tls.connect({ host: '127.0.0.1', port, ca, ...(servername && { servername }) });
        socket
          .once('secureConnect', () => resolve('trusted'))
          .once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'));
        socket.once('secureConnect', () => socket.destroy());
      });
    expect(await connect('', caPem)).toBe('trusted');
    expect(await connect('localhost', caPem)).toBe('trusted');
    expect(await connect('fairlead.example.com', caPem)).toBe('trusted');
    expect(await connect('elsewhere.example.com', caPem)).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
    const other = await mkdtemp(path.join(os.tmpdir(), 'fairlead-door-'));
    expect(await connect('', (await doorCertificate(other, names, now)).caPem)).not.toBe('trusted');
    await rm(other, { recursive: true });
    await new Promise((resolve) => server.close(resolve));
  });

  it('keeps its keys from other users of the machine', async () => {
    await doorCertificate(folder, names, now);
    for (const file of ['door.key', 'door-ca.key']) expect((await stat(path.join(folder, file))).mode & 0o777).toBe(0o600);
  });

  it('stays as it is until its names change or 30 days are left; the authority stays', async () => {
    const first = await doorCertificate(folder, names, now);
    expect(await doorCertificate(folder, names, days(300))).toEqual(first);
    const renamed = await doorCertificate(folder, [...names, 'other.example.com'], now);
    expect(renamed.certPem).not.toBe(first.certPem);
    const renewed = await doorCertificate(folder, [...names, 'other.example.com'], days(340));
    expect(renewed.certPem).not.toBe(renamed.certPem);
    expect(renewed.caPem).toBe(first.caPem);
  });

  it('is made anew when its file is broken', async () => {
    const first = await doorCertificate(folder, names, now);
    await writeFile(path.join(folder, 'door.crt'), 'nonsense');
    const second = await doorCertificate(folder, names, now);
    expect(second.caPem).toBe(first.caPem);
    expect(await readFile(path.join(folder, 'door.crt'), 'utf8')).toBe(second.certPem);
  });
});
