import { formatTime } from '../commands/system.js';
import type { ServerKind } from '../images/images.js';
import { nginxPage } from '../images/root.js';
import type { WebAnswer, WebRequest } from '../network/network.js';
import type { LogLine } from './log.js';

export interface ServerFacts {
  kind: ServerKind;
  hostname: string;
  image: string;
  env: Readonly<Record<string, string>>;
  args: readonly string[];
  /** The page in its file system, where there is one. */
  page(path: string): Buffer | undefined;
  crash(exitCode: number): void;
}

const speaksHttp: readonly ServerKind[] = ['nginx', 'httpd', 'echo', 'cpu', 'app'];
export const isWeb = (kind: ServerKind): boolean => speaksHttp.includes(kind);

/**
 * What a web server answers. Besides its pages every one has a few paths to try things with: /fail answers 503, /slow?ms=N waits, /crash ends the
 * process with 3, /env names its variables, /upload counts bytes.
 */
export function webAnswer(facts: ServerFacts, request: WebRequest): WebAnswer {
  const [path = '/', query = ''] = request.path.split('?');
  switch (path) {
    case '/crash':
      facts.crash(3);
      return text(502, '');
    case '/fail':
      return text(503, '');
    case '/slow': {
      const ms = Math.min(Number(new URLSearchParams(query).get('ms')) || 0, 600_000);
      return { ...text(200, `waited ${ms}\n`), delayMs: ms };
    }
    case '/upload':
      return text(200, `${request.body?.length ?? 0}\n`);
    case '/env':
      return text(200, `${Object.keys(facts.env).join('\n')}\n`);
    default:
      return page(facts, path, request);
  }
}

function page(facts: ServerFacts, path: string, request: WebRequest): WebAnswer {
  const { kind, hostname, env } = facts;
  const found = facts.page(path);
  if (kind === 'nginx') {
    const server = { Server: `nginx/${env.NGINX_VERSION ?? '1.27.0'}` };
    if (found) return html(200, found, server);
    if (path === '/') return html(200, nginxPage, server);
    return html(
      404,
      `<html>\r\n<head><title>404 Not Found</title></head>\r\n<body>\r\n<center><h1>404 Not Found</h1></center>\r\n<hr><center>${server.Server}</center>\r\n</body>\r\n</html>\r\n`,
      server,
    );
  }
  if (kind === 'httpd') {
    const server = { Server: 'Apache/2.4.62 (Unix)' };
    if (found ?? path === '/') return html(200, found ?? '<html><body><h1>It works!</h1></body></html>\n', server);
    return html(
      404,
      '<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n<title>404 Not Found</title>\n</head><body>\n<h1>Not Found</h1>\n<p>The requested URL was not found on this server.</p>\n</body></html>\n',
      server,
    );
  }
  if (kind === 'cpu') return text(200, 'OK!');
  if (kind === 'echo') {
    const said =
      facts.args.find((word) => word.startsWith('-text=') || word.startsWith('--text='))?.split(/=([\s\S]*)/)[1] ??
      valueAfter(facts.args, '-text');
    if (said !== undefined) return text(200, `${said}\n`);
    return text(
      200,
      `Hostname: ${hostname}\n${request.method} ${request.path} HTTP/1.1\nHost: ${request.host}\nUser-Agent: ${request.agent}\n`,
    );
  }
  if (/^\/(healthz?|livez|readyz|ready|live|-\/(healthy|ready)|ping|status|actuator\/health.*|health\/.*)$/.test(path))
    return text(200, 'ok\n');
  return html(
    200,
    `<html><title>${facts.image}</title><body>Hello from ${hostname}${env.VERSION ? ` ${env.VERSION}` : ''}</body></html>\n`,
    {},
  );
}

const valueAfter = (args: readonly string[], flag: string): string | undefined =>
  args.includes(flag) ? args[args.indexOf(flag) + 1] : undefined;

const answer = (code: number, type: string, body: string | Buffer, more: Readonly<Record<string, string>>): WebAnswer => {
  const data = typeof body === 'string' ? Buffer.from(body) : body;
  return { code, headers: { ...more, 'Content-Type': type, 'Content-Length': String(data.length) }, body: data };
};
const text = (code: number, body: string): WebAnswer => answer(code, 'text/plain; charset=utf-8', body, {});
const html = (code: number, body: string | Buffer, more: Readonly<Record<string, string>>): WebAnswer =>
  answer(code, 'text/html', body, more);

/** One line of an access log, in the combined format or the app's own. */
export function accessLine(
  kind: ServerKind,
  at: number,
  request: Pick<WebRequest, 'method' | 'path' | 'agent' | 'from'>,
  code: number,
  bytes: number,
): LogLine {
  const time = formatTime(at, '%d/%b/%Y:%H:%M:%S +0000');
  if (kind === 'app' || kind === 'echo') {
    return {
      at,
      stream: 'stdout',
      text: `${new Date(at).toISOString()} INFO  ${request.method} ${request.path} ${code} ${bytes}B ${1 + (at % 23)}ms`,
    };
  }
  return {
    at,
    stream: 'stdout',
    text: `${request.from} - - [${time}] "${request.method} ${request.path} HTTP/1.1" ${code} ${bytes} "-" "${request.agent}" "-"`,
  };
}

/** What it says as it starts: offsets in milliseconds. */
export function banner(
  kind: ServerKind,
  start: number,
  { image, env }: { image: string; env: Readonly<Record<string, string>> },
  port: number,
): LogLine[] {
  const at = (offset: number, text: string, stream: 'stdout' | 'stderr' = 'stdout'): LogLine => ({ at: start + offset, stream, text });
  const notice = (offset: number, message: string): LogLine =>
    at(offset, `${formatTime(start + offset, '%Y/%m/%d %H:%M:%S')} [notice] 1#1: ${message}`, 'stderr');
  switch (kind) {
    case 'nginx':
      return [
        at(10, '/docker-entrypoint.sh: /docker-entrypoint.d/ is not empty, will attempt to perform configuration'),
        at(12, '/docker-entrypoint.sh: Looking for shell scripts in /docker-entrypoint.d/'),
        at(40, '/docker-entrypoint.sh: Configuration complete; ready for start up'),
        notice(60, 'using the "epoll" event method'),
        notice(60, `nginx/${env.NGINX_VERSION ?? '1.27.0'}`),
        notice(62, 'start worker processes'),
        notice(62, 'start worker process 29'),
      ];
    case 'httpd':
    case 'cpu':
      return [
        at(
          40,
          "AH00558: httpd: Could not reliably determine the server's fully qualified domain name. Set the 'ServerName' directive globally to suppress this message",
          'stderr',
        ),
        at(
          60,
          `[${formatTime(start + 60, '%a %b %d %H:%M:%S.000000 %Y')}] [mpm_event:notice] [pid 1:tid 1] AH00489: Apache/2.4.62 (Unix) configured -- resuming normal operations`,
          'stderr',
        ),
      ];
    case 'redis':
      return [
        at(5, `1:C ${formatTime(start, '%d %b %Y %H:%M:%S')}.005 * oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo`),
        at(12, `1:M ${formatTime(start, '%d %b %Y %H:%M:%S')}.012 * Server initialized`),
        at(15, `1:M ${formatTime(start, '%d %b %Y %H:%M:%S')}.015 * Ready to accept connections tcp`),
      ];
    case 'postgres':
      return [
        at(30, 'PostgreSQL Database directory appears to contain a database; Skipping initialization'),
        at(350, `${formatTime(start + 350, '%F %T')}.350 UTC [1] LOG:  starting PostgreSQL 16.4 on x86_64-pc-linux-gnu`, 'stderr'),
        at(360, `${formatTime(start + 360, '%F %T')}.360 UTC [1] LOG:  listening on IPv4 address "0.0.0.0", port 5432`, 'stderr'),
        at(700, `${formatTime(start + 700, '%F %T')}.700 UTC [1] LOG:  database system is ready to accept connections`, 'stderr'),
      ];
    case 'mysql':
    case 'mongo':
    case 'tcp':
      return [at(200, `${new Date(start + 200).toISOString()} 0 [System] ready for connections on port ${port}`, 'stderr')];
    case 'pause':
      return [];
    default:
      return [
        at(30, `${new Date(start + 30).toISOString()} INFO  ${image} starting`),
        at(150, `${new Date(start + 150).toISOString()} INFO  listening on :${port}`),
      ];
  }
}
