import { lookup } from 'node:dns/promises';
import { request } from 'node:http';
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { type AddressCheck, TargetDenied } from './address-policy.js';
import type { Target } from './target.js';

export type Sent = { state: 'delivered'; status: number } | { state: 'failed'; status: number | null; error: string };

/** The world outside: tests hand in one of their own. */
interface Wire {
  /** Every address of a name. */
  resolve(host: string): Promise<string[]>;
  /** Always an address, never a name: what was checked is what is dialled. */
  dial(address: string, port: number): Socket;
  /** Whom TLS trusts; the machine's own authorities where it is left out. */
  ca?: string;
}

const realWire: Wire = {
  resolve: async (host) => (await lookup(host, { all: true, verbatim: true })).map(({ address }) => address),
  dial: (address, port) => connect({ host: address, port }),
};

export const timeLimitMs = 10_000;
const answerLimit = 16 * 1024;

/**
 * One POST. The name is resolved once, every address it has is checked, and the first is dialled. No redirect is followed; the answer's body is read
 * up to 16 KiB and thrown away; all of it within 10 s. Never rejects, but for the reason of `stop`.
 */
export async function send(
  target: Target,
  { headers, body }: { headers: Record<string, string>; body: string },
  { check, wire = realWire, stop, limitMs = timeLimitMs }: { check: AddressCheck; wire?: Wire; stop: AbortSignal; limitMs?: number },
): Promise<Sent> {
  const signal = AbortSignal.any([stop, AbortSignal.timeout(limitMs)]);
  try {
    return await post(target, await addressOf(target, check, wire, signal), { headers, body }, wire, signal);
  } catch (error) {
    if (stop.aborted) throw stop.reason;
    return { state: 'failed', status: null, error: wordsOf(error, signal.aborted, limitMs) };
  }
}

async function addressOf({ host, port }: Target, check: AddressCheck, wire: Wire, signal: AbortSignal): Promise<string> {
  const addresses = isIP(host) !== 0 ? [host] : await ending(wire.resolve(host), signal);
  for (const address of addresses) check(address, port);
  const [first] = addresses;
  if (first === undefined) throw new TargetDenied('has a name without an address');
  return first;
}

function post(
  { secure, host, authority, path, port }: Target,
  address: string,
  { headers, body }: { headers: Record<string, string>; body: string },
  wire: Wire,
  signal: AbortSignal,
): Promise<Sent> {
  return new Promise((resolve, reject) => {
    let undialled: Error | null = null; // TLS only says that its socket was cut
    const createConnection = () => {
      const socket = wire.dial(address, port);
      if (!secure) return socket;
      socket.on('error', (error) => {
        undialled = error;
        secured.destroy(error);
      });
      const secured = connectTls({ socket, host, servername: isIP(host) === 0 ? host : '', ...(wire.ca && { ca: wire.ca }) });
      secured.on('close', () => socket.destroy());
      return secured;
    };
    const asking = request({
      method: 'POST',
      path,
      headers: {
        host: authority,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        connection: 'close',
        ...headers,
      },
      createConnection,
      signal,
      maxHeaderSize: answerLimit,
    });
    asking.on('error', (error) => reject(undialled ?? error));
    asking.on('upgrade', (_, socket) => {
      socket.destroy();
      reject(Object.assign(new Error('upgrade'), { code: 'UPGRADE' }));
    });
    asking.on('response', (answer) => {
      const status = answer.statusCode ?? 0;
      const done = () => resolve(judged(status));
      let read = 0;
      answer.on('data', (chunk: Buffer) => {
        read += chunk.length;
        if (read > answerLimit) answer.destroy();
      });
      answer.on('error', done);
      answer.on('close', done);
    });
    asking.end(body);
  });
}

function judged(status: number): Sent {
  if (status >= 200 && status < 300) return { state: 'delivered', status };
  const redirect = status >= 300 && status < 400 ? ': redirects are not followed' : '';
  return { state: 'failed', status, error: `it answered ${status}${redirect}` };
}

/** What cannot be cut off is left behind when the signal comes. */
function ending<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    work.then(resolve, reject);
  });
}

const codes: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the name is not known',
  EAI_AGAIN: 'the name could not be looked up',
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was cut',
  UPGRADE: 'it answered in another protocol',
  EPIPE: 'the connection was cut',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no way to it',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by nobody that is trusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is signed by nobody that is trusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is signed by nobody that is trusted',
};

/** Never what was answered, and never an address: its reader may not be one who sees Fairlead's network. */
function wordsOf(error: unknown, late: boolean, limitMs: number): string {
  if (error instanceof TargetDenied) return `not sent: it ${error.message}`;
  if (late) return `no answer within ${limitMs / 1000} s`;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return codes[code] ?? (code ? `no delivery (${code})` : 'no delivery');
}
