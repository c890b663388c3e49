import { type IncomingHttpHeaders, request } from 'node:http';
import { WebSocket } from 'ws';

export interface Seen {
  status: number;
  headers: IncomingHttpHeaders;
  rawHeaders: string[];
  body: string;
}

/** A browser's tab at an opened port: it resolves `*.localhost` to this machine, and keeps the cookie of that one host name. */
export class PortTab {
  cookie: string | null = null;

  constructor(
    /** Of the door. */
    private readonly port: number,
    readonly host: string,
  ) {}

  static at(link: string): PortTab {
    const { host, port } = new URL(link);
    return new PortTab(Number(port), host);
  }

  /** Opens the link as it stands. */
  async open(link: string): Promise<Seen> {
    const { pathname, search } = new URL(link);
    const seen = await this.ask(pathname + search);
    const [set] = seen.headers['set-cookie'] ?? [];
    if (set) this.cookie = set.split(';')[0] ?? null;
    return seen;
  }

  ask(path: string, { method = 'GET', headers = {}, body }: { method?: string; headers?: Record<string, string>; body?: string } = {}) {
    return new Promise<Seen>((resolve, reject) => {
      const asking = request({ host: '127.0.0.1', port: this.port, method, path, headers: this.with(headers), agent: false }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () =>
          resolve({
            status: answer.statusCode ?? 0,
            headers: answer.headers,
            rawHeaders: answer.rawHeaders,
            body: Buffer.concat(chunks).toString('utf8'),
          }),
        );
      });
      asking.on('error', reject);
      asking.end(body);
    });
  }

  socket(path: string, headers: Record<string, string> = {}): WebSocket {
    return new WebSocket(`ws://127.0.0.1:${this.port}${path}`, { headers: this.with({ origin: `http://${this.host}`, ...headers }) });
  }

  private with(headers: Record<string, string>): Record<string, string> {
    const cookies = [this.cookie, headers.cookie].filter(Boolean).join('; ');
    return { host: this.host, ...headers, ...(cookies === '' ? {} : { cookie: cookies }) };
  }
}
