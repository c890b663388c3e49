import type { Process, Program } from '../machine/process.js';
import type { WebAnswer } from '../network/network.js';
import { flagsOf, lines, nameOf, simple } from './arguments.js';

interface Url {
  scheme: string;
  host: string;
  port: number;
  path: string;
}

function urlOf(text: string): Url {
  const [, scheme = 'http', host = '', port, path = '/'] = /^(?:(https?):\/\/)?([^/:?]*)(?::(\d+))?([/?].*)?$/.exec(text) ?? [];
  return {
    scheme,
    host,
    port: port === undefined ? (scheme === 'https' ? 443 : 80) : Number(port),
    path: path.startsWith('?') ? `/${path}` : path,
  };
}

type Fetched =
  | { ok: true; answer: WebAnswer; address: string }
  | { ok: false; address: string; problem: 'unknown host' | 'unreachable' | 'refused' | 'not http' };

function* fetched(process: Process, url: Url, method: string, body: Buffer | undefined, timeoutMs: number) {
  const reached = process.machine.network.reach(url.host, url.port);
  if (reached.is === 'unreachable') yield* process.sleep(timeoutMs);
  if (reached.is !== 'open')
    return { ok: false, address: 'address' in reached ? reached.address : '', problem: reached.is } satisfies Fetched;
  if (reached.speaks !== 'http') return { ok: false, address: reached.address, problem: 'not http' } satisfies Fetched;
  const agent = nameOf(process) === 'curl' ? 'curl/8.9.1' : 'Wget';
  const answer = reached.ask({
    method,
    path: url.path,
    host: url.host,
    agent,
    from: process.machine.facts.podIP,
    ...(body ? { body } : {}),
  });
  if (answer.delayMs) yield* process.sleep(answer.delayMs);
  return { ok: true, answer, address: reached.address } satisfies Fetched;
}

const wget: Program = function* (process) {
  const { flags, operands } = flagsOf(process.argv, 'OTtPUS', ['post-data', 'timeout', 'tries', 'header']);
  const given = operands[0];
  if (given === undefined) {
    process.complain('wget: missing URL\nUsage: wget [-cqS] [--spider] [-O FILE] URL...\n');
    return 1;
  }
  const url = urlOf(given);
  const quiet = flags.has('q');
  const timeoutMs = Number(flags.get('T') ?? flags.get('timeout') ?? 900) * 1000;
  const data = flags.get('post-data');
  const at = (address: string): string => `${url.host}:${url.port} (${address}:${url.port})`;
  const result: Fetched = yield* fetched(
    process,
    url,
    data === undefined ? 'GET' : 'POST',
    data === undefined ? undefined : Buffer.from(data),
    timeoutMs,
  );
  if (!result.ok) {
    if (result.problem === 'unknown host') process.complain(`wget: bad address '${url.host}${url.port === 80 ? '' : `:${url.port}`}'\n`);
    else {
      if (!quiet) process.complain(`Connecting to ${at(result.address)}\n`);
      const why = {
        refused: `can't connect to remote host (${result.address}): Connection refused`,
        unreachable: 'download timed out',
        'not http': 'error getting response',
      };
      process.complain(`wget: ${why[result.problem]}\n`);
    }
    return 1;
  }
  if (!quiet) process.complain(`Connecting to ${at(result.address)}\n`);
  const { answer } = result;
  if (answer.code >= 400) {
    process.complain(`wget: server returned error: HTTP/1.1 ${answer.code} ${reasons[answer.code] ?? ''}\n`);
    return 1;
  }
  if (flags.has('spider')) {
    if (!quiet) process.complain('remote file exists\n');
    return 0;
  }
  const file = flags.get('O') ?? (url.path.split('?')[0]?.split('/').pop() || 'index.html');
  if (file === '-') process.write(answer.body);
  else process.fs.write(process.path(file), answer.body);
  if (!quiet) process.complain(file === '-' ? 'writing to stdout\nwritten to stdout\n' : `saving to '${file}'\n'${file}' saved\n`);
  return 0;
};

const reasons: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  204: 'No Content',
  301: 'Moved Permanently',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
};

const curl: Program = function* (process) {
  const { flags, operands } = flagsOf(process.argv, 'XoHdmwuAe', [
    'max-time',
    'connect-timeout',
    'request',
    'data',
    'header',
    'output',
    'write-out',
    'resolve',
    'retry',
  ]);
  const given = operands[0];
  if (given === undefined) {
    process.complain("curl: try 'curl --help' or 'curl --manual' for more information\n");
    return 2;
  }
  const url = urlOf(given);
  const quiet = flags.has('s') || flags.has('silent');
  const silent = quiet && !flags.has('S') && !flags.has('show-error');
  const data = flags.get('d') ?? flags.get('data');
  const head = flags.has('I') || flags.has('head');
  const method = flags.get('X') ?? flags.get('request') ?? (head ? 'HEAD' : data === undefined ? 'GET' : 'POST');
  const seconds = Number(flags.get('m') ?? flags.get('max-time') ?? flags.get('connect-timeout') ?? 130);
  const result: Fetched = yield* fetched(process, url, method, data === undefined ? undefined : Buffer.from(data), seconds * 1000);
  const fail = (code: number, text: string): number => {
    if (!silent) process.complain(`curl: (${code}) ${text}\n`);
    return code;
  };
  if (!result.ok) {
    if (result.problem === 'unknown host') return fail(6, `Could not resolve host: ${url.host}`);
    if (result.problem === 'unreachable') return fail(28, `Connection timed out after ${seconds * 1000} milliseconds`);
    if (result.problem === 'refused')
      return fail(7, `Failed to connect to ${url.host} port ${url.port} after 1 ms: Could not connect to server`);
    return fail(52, 'Empty reply from server');
  }
  const { answer } = result;
  const headers = lines([
    `HTTP/1.1 ${answer.code} ${reasons[answer.code] ?? ''}`,
    ...Object.entries(answer.headers).map(([name, value]) => `${name}: ${value}`),
    '',
  ]).replaceAll('\n', '\r\n');
  if (flags.has('v') || flags.has('verbose')) {
    process.complain(
      `*   Trying ${result.address}:${url.port}...\n* Connected to ${url.host} (${result.address}) port ${url.port}\n> ${method} ${url.path} HTTP/1.1\n> Host: ${url.host}\n> User-Agent: curl/8.9.1\n> Accept: */*\n>\n${headers.replace(/^(?=.)/gm, '< ')}`,
    );
  }
  if (answer.code >= 400 && (flags.has('f') || flags.has('fail'))) return fail(22, `The requested URL returned error: ${answer.code}`);
  if (head || flags.has('i')) process.write(headers);
  const file = flags.get('o') ?? flags.get('output');
  if (!head && file === undefined) process.write(answer.body);
  else if (!head && file !== undefined && file !== '/dev/null') process.fs.write(process.path(file), answer.body);
  const format = flags.get('w') ?? flags.get('write-out');
  if (format !== undefined)
    process.write(
      format
        .replace(/%\{(?:http_code|response_code)\}/g, String(answer.code))
        .replace(/%\{time_total\}/g, ((answer.delayMs ?? 1) / 1000).toFixed(6))
        .replace(/\\n/g, '\n'),
    );
  return 0;
};

const server = '10.96.0.10';

const nslookup = simple((process) => {
  const [name = 'kubernetes.default'] = process.argv.slice(1).filter((word) => !word.startsWith('-'));
  const found = process.machine.network.resolve(name);
  process.write(lines([`Server:\t\t${server}`, `Address:\t${server}:53`, '']));
  if (!found) {
    process.write(`** server can't find ${name}: NXDOMAIN\n\n`);
    return 1;
  }
  process.write(lines([...found.addresses.flatMap((address) => [`Name:\t${found.name}`, `Address: ${address}`]), '']));
  return 0;
});

const dig = simple((process) => {
  const [name = ''] = process.argv.slice(1).filter((word) => !/^[-+@]/.test(word));
  const found = process.machine.network.resolve(name);
  if (process.argv.includes('+short')) process.write(lines(found?.addresses ?? []));
  else
    process.write(
      lines([
        `;; ->>HEADER<<- opcode: QUERY, status: ${found ? 'NOERROR' : 'NXDOMAIN'}`,
        `;; QUESTION SECTION:\n;${name}.\t\tIN\tA\n`,
        ...(found?.addresses ?? []).map((address) => `${found?.name}.\t30\tIN\tA\t${address}`),
        `;; SERVER: ${server}#53`,
      ]),
    );
});

const getent = simple((process) => {
  const [database, name = ''] = process.argv.slice(1);
  const found = database === 'hosts' ? process.machine.network.resolve(name) : undefined;
  if (!found) return 2;
  process.write(lines(found.addresses.map((address) => `${address.padEnd(16)}${found.name}`)));
  return 0;
});

const ping: Program = function* (process) {
  const { flags, operands } = flagsOf(process.argv, 'cWiw');
  const [host = ''] = operands;
  const found = process.machine.network.resolve(host);
  if (!found?.addresses[0]) {
    process.complain(`ping: bad address '${host}'\n`);
    return 1;
  }
  const count = Number(flags.get('c') ?? Number.POSITIVE_INFINITY);
  process.write(`PING ${host} (${found.addresses[0]}): 56 data bytes\n`);
  for (let index = 0; index < count; index += 1) {
    if (index > 0) yield* process.sleep(1000);
    process.write(
      `64 bytes from ${found.addresses[0]}: seq=${index} ttl=62 time=${(0.1 + process.machine.random() * 0.3).toFixed(3)} ms\n`,
    );
  }
  process.write(`\n--- ${host} ping statistics ---\n${count} packets transmitted, ${count} packets received, 0% packet loss\n`);
  return 0;
};

const nc: Program = function* (process) {
  const { flags, operands } = flagsOf(process.argv, 'wpe');
  const [host = '', port = ''] = operands;
  if (flags.has('l')) for (;;) yield () => () => {};
  const reached = process.machine.network.reach(host, Number(port));
  if (reached.is === 'unreachable') yield* process.sleep(Number(flags.get('w') ?? 127) * 1000);
  if (reached.is !== 'open') {
    process.complain(
      reached.is === 'unknown host'
        ? `nc: bad address '${host}'\n`
        : `nc: ${host} (${reached.address}:${port}): ${reached.is === 'refused' ? 'Connection refused' : 'Connection timed out'}\n`,
    );
    return 1;
  }
  if (flags.has('v')) process.complain(`${host} (${reached.address}:${port}) open\n`);
  if (flags.has('z')) return 0;
  const input = (yield* process.readAll()).toString('utf8');
  const request = /^(\w+) (\S+)/.exec(input);
  if (request && reached.speaks === 'http') {
    const answer = reached.ask({
      method: request[1] ?? 'GET',
      path: request[2] ?? '/',
      host,
      agent: '',
      from: process.machine.facts.podIP,
    });
    process.write(
      `HTTP/1.1 ${answer.code} ${reasons[answer.code] ?? ''}\r\n${Object.entries(answer.headers)
        .map(([name, value]) => `${name}: ${value}\r\n`)
        .join('')}\r\n`,
    );
    process.write(answer.body);
  }
  return 0;
};

const ip = simple((process) => {
  const words = process.argv.slice(1).filter((word) => !word.startsWith('-'));
  const { podIP } = process.machine.facts;
  const mac = `0a:58:${podIP
    .split('.')
    .map((part) => Number(part).toString(16).padStart(2, '0'))
    .join(':')}`;
  const lo = [
    '1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN qlen 1000',
    '    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00',
  ];
  const eth = [
    '2: eth0@if7: <BROADCAST,MULTICAST,UP,LOWER_UP,M-DOWN> mtu 1450 qdisc noqueue state UP qlen 1000',
    `    link/ether ${mac} brd ff:ff:ff:ff:ff:ff`,
  ];
  const [object = ''] = words;
  const network = podIP.replace(/\d+$/, '');
  if ('address'.startsWith(object) && object !== '') {
    const all = [
      ...lo,
      '    inet 127.0.0.1/8 scope host lo',
      '       valid_lft forever preferred_lft forever',
      ...eth,
      `    inet ${podIP}/24 brd ${network}255 scope global eth0`,
      '       valid_lft forever preferred_lft forever',
    ];
    process.write(lines(words.includes('eth0') ? all.slice(4) : all));
  } else if ('link'.startsWith(object) && object !== '') process.write(lines([...lo, ...eth]));
  else if ('route'.startsWith(object) && object !== '')
    process.write(lines([`default via ${network}1 dev eth0`, `${network}0/24 dev eth0 scope link  src ${podIP}`]));
  else {
    process.complain('BusyBox v1.36.1 multi-call binary.\n\nUsage: ip [OPTIONS] address|route|link|neigh|rule [ARGS]\n');
    return 1;
  }
  return 0;
});

const ifconfig = simple((process) => {
  const { podIP } = process.machine.facts;
  process.write(
    lines([
      `eth0      Link encap:Ethernet`,
      `          inet addr:${podIP}  Bcast:${podIP.replace(/\d+$/, '255')}  Mask:255.255.255.0`,
      '          UP BROADCAST RUNNING MULTICAST  MTU:1450  Metric:1',
      '',
      'lo        Link encap:Local Loopback',
      '          inet addr:127.0.0.1  Mask:255.0.0.0',
      '          UP LOOPBACK RUNNING  MTU:65536  Metric:1',
      '',
    ]),
  );
});

export const networkPrograms: Readonly<Record<string, Program>> = {
  wget,
  curl,
  nslookup,
  dig,
  host: nslookup,
  getent,
  ping,
  nc,
  ncat: nc,
  telnet: nc,
  ip,
  ifconfig,
};
