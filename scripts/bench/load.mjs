// As many GETs of one path as fit, on plain sockets: a client library would be what is measured.
import net from 'node:net';
import tls from 'node:tls';

/**
 * Opens `connections` connections and keeps them, so that no handshake is measured. `run` sends the same GET again and again on each for `seconds` and
 * answers requests per second and the latencies in ms; it throws on any answer that is not 200.
 */
export async function openLoad({ url, ca, headers = {}, connections = 16 }) {
  const { protocol, hostname, port, pathname, search } = new URL(url);
  const lines = [
    `GET ${pathname}${search} HTTP/1.1`,
    `host: ${hostname}:${port}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  const request = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`);
  const opened = await Promise.all(
    Array.from({ length: connections }, async () => new Client(await open(protocol, { host: hostname, port: Number(port), ca }), request)),
  );
  return {
    async run(seconds) {
      const began = performance.now();
      const latencies = (await Promise.all(opened.map((each) => each.run(began + seconds * 1000)))).flat();
      return { perSecond: latencies.length / ((performance.now() - began) / 1000), latencies };
    },
    close() {
      for (const each of opened) each.socket.destroy();
    },
  };
}

function open(protocol, options) {
  return new Promise((resolve, reject) => {
    const socket = protocol === 'https:' ? tls.connect({ ...options, ALPNProtocols: ['http/1.1'] }) : net.connect(options);
    socket.setNoDelay(true);
    socket.once(protocol === 'https:' ? 'secureConnect' : 'connect', () => resolve(socket));
    socket.once('error', reject);
  });
}

const endOfHead = Buffer.from('\r\n\r\n');
const lastChunk = '0\r\n\r\n';

/** One connection: one request at a time, and of its answer no more is read than where it ends. */
class Client {
  constructor(socket, request) {
    this.socket = socket;
    this.request = request;
    this.settle = { resolve: () => {}, reject: () => {} };
    socket.on('data', (bytes) => this.read(bytes));
    socket.once('close', () => this.settle.reject(new Error('the connection was closed')));
  }

  run(until) {
    if (this.socket.destroyed) throw new Error('the connection was closed between two turns');
    this.until = until;
    this.latencies = [];
    return new Promise((resolve, reject) => {
      this.settle = { resolve, reject };
      this.send();
    });
  }

  send() {
    this.head = null;
    this.left = -1; // bytes of the body; -1: it comes in chunks
    this.tail = '';
    this.sent = performance.now();
    this.socket.write(this.request);
  }

  read(bytes) {
    let body = bytes;
    if (this.left === -1 && this.tail === '') {
      const all = this.head ? Buffer.concat([this.head, bytes]) : bytes;
      const end = all.indexOf(endOfHead);
      if (end < 0) {
        this.head = all;
        return;
      }
      const head = all.latin1Slice(0, end);
      if (!head.startsWith('HTTP/1.1 200')) return this.settle.reject(new Error(`answered ${head.split('\r\n')[0]}`));
      const length = /^content-length: *(\d+)/im.exec(head);
      if (length) this.left = Number(length[1]);
      body = all.subarray(end + 4);
      this.tail = '\n';
    }
    if (this.left === -1) {
      this.tail = (this.tail + body.latin1Slice(Math.max(0, body.length - 5))).slice(-5);
      if (this.tail !== lastChunk) return;
    } else {
      this.left -= body.length;
      if (this.left > 0) return;
    }
    const now = performance.now();
    this.latencies.push(now - this.sent);
    if (now < this.until) this.send();
    else this.settle.resolve(this.latencies);
  }
}

/** The value below which `share` (0…1) of the values lie. */
export function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
