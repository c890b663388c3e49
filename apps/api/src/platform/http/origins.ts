import type { IncomingMessage } from 'node:http';

const loopbackNames = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * Which origins and Host headers are ours: the one public origin, and, where none was configured, the loopback names with our port
 * (both http and https, for one port speaks both).
 */
export class Origins {
  private origins: ReadonlySet<string> = new Set();
  private hosts: ReadonlySet<string> = new Set();
  private url = '';
  private port = 0;

  /** Called when the port is known. */
  set(configured: string | null, port: number): void {
    this.port = port;
    const local = loopbackNames.flatMap((name) => [`http://${name}:${port}`, `https://${name}:${port}`]);
    this.url = configured ?? `http://127.0.0.1:${port}`;
    this.origins = new Set(configured ? [configured] : local);
    // The loopback names stay allowed as Host: kubectl on the same machine uses them, and no browser is fooled by them to send our cookie.
    this.hosts = new Set([new URL(this.url).host, ...loopbackNames.map((name) => `${name}:${port}`)]);
  }

  /** The one public origin, without a slash at its end. */
  get publicUrl(): string {
    return this.url;
  }

  /** The same place over TLS, for kubectl, which sends no credential over http. */
  get tlsUrl(): string {
    const url = new URL(this.url);
    if (url.protocol === 'https:') return this.url;
    return `https://${url.hostname}:${this.port}`;
  }

  allowsOrigin(origin: string | undefined | null): boolean {
    return typeof origin === 'string' && this.origins.has(origin);
  }

  allowsHost(host: string | undefined | null): boolean {
    return typeof host === 'string' && this.hosts.has(host.toLowerCase());
  }

  /** Does a browser reach us over TLS here, directly or through the proxy that FAIRLEAD_URL describes? */
  isSecure(req: IncomingMessage): boolean {
    return 'encrypted' in req.socket || this.url.startsWith('https:');
  }
}
