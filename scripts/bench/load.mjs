// As many GETs of one path as fit, on plain sockets: a client library would be what is measured.
import net from 'node:net';
import tls from 'node:tls';

/**
 * Sends the same GET again and again on `connections` kept-alive connections for `seconds`. Answers requests per second and the latencies in ms.
 * Throws on any answer that is not 200.
 */
export async function load({ url, ca, headers = {}, connections = 16, seconds = 5 }) {
  const { protocol, hostname, port, pathname, search } = new URL(url);
  const lines = [
    `GET ${pathname}${search} HTTP/1.1`,
    `host: ${hostname}:${port}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  const request = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`);
  const latencies = [];
  const began = performance.now();
  const until = began + seconds * 1000;
  await Promise.all(
    Array.from({ length: connections }, async () => {
      const socket = await open(protocol, { host: hostname, port: Number(port), ca });
      try {
        while (performance.now() < until) {
          const sent = performance.now();
          await exchange(socket, request);
          latencies.push(performance.now() - sent);
        }
      } finally {
        socket.destroy();
      }
    }),
  );
  return { perSecond: latencies.length / ((performance.now() - began) / 1000), latencies };
}

function open(protocol, options) {
  return new Promise((resolve, reject) => {
    const socket = protocol === 'https:' ? tls.connect({ ...options, ALPNProtocols: ['http/1.1'] }) : net.connect(options);
    socket.setNoDelay(true);
    socket.once(protocol === 'https:' ? 'secureConnect' : 'connect', () => resolve(socket));
    socket.once('error', reject);
  });
}

/** One request, one whole answer (by content-length or in chunks). */
function exchange(socket, request) {
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0);
    const settle = (how, value) => {
      socket.off('data', onData);
      socket.off('close', onClose);
      how(value);
    };
    const onClose = () => settle(reject, new Error('the connection was closed'));
    const onData = (chunk) => {
      received = received.length ? Buffer.concat([received, chunk]) : chunk;
      const end = received.indexOf('\r\n\r\n');
      if (end < 0) return;
      const head = received.toString('latin1', 0, end);
      if (!head.startsWith('HTTP/1.1 200')) return settle(reject, new Error(`answered ${head.split('\r\n')[0]}`));
      const length = /^content-length: *(\d+)/im.exec(head);
      const whole = length ? received.length >= end + 4 + Number(length[1]) : received.subarray(-5).equals(lastChunk);
      if (whole) settle(resolve);
    };
    socket.on('data', onData);
    socket.once('close', onClose);
    socket.write(request);
  });
}

const lastChunk = Buffer.from('0\r\n\r\n');

/** The value below which `share` (0…1) of the values lie. */
export function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
