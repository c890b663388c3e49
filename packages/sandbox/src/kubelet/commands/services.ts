import type { Program } from '../machine/process.js';
import { nameOf, simple } from './arguments.js';

/** Serves until it is told to end, then takes a moment: what a server's process is. */
export const daemon = (endsAfterMs: number, code = 0): Program =>
  function* (process) {
    let told = false;
    for (const signal of ['TERM', 'QUIT', 'INT'] as const) {
      process.handlers.set(signal, () => {
        told = true;
      });
    }
    while (!told) yield () => () => {};
    yield* process.sleep(endsAfterMs);
    return code;
  };

/** Programs of server images: started as a container's command they serve; asked otherwise they say what they are. */
const server = (version: string, endsAfterMs = 100): Program =>
  function* (process) {
    if (process.argv.some((word) => word === '-v' || word === '-V' || word === '--version')) {
      process.complain(`${version}\n`);
      return 0;
    }
    if (nameOf(process) === 'nginx' && process.argv.includes('-t')) {
      process.complain(
        'nginx: the configuration file /etc/nginx/nginx.conf syntax is ok\nnginx: configuration file /etc/nginx/nginx.conf test is successful\n',
      );
      return 0;
    }
    if (nameOf(process) === 'nginx' && process.argv.includes('-s')) return 0;
    if (process.pid !== 1) {
      process.complain(`${nameOf(process)}: address already in use\n`);
      return 1;
    }
    return yield* daemon(endsAfterMs)(process);
  };

const redisCli = simple((process) => {
  const words = process.argv.slice(1).filter((word, index, all) => !word.startsWith('-') && !/^-[hpan]$/.test(all[index - 1] ?? ''));
  const [command = 'PING', key = '', ...values] = words;
  const store = '/data/.sandbox-keys';
  const keys = new Map<string, string>(
    process.fs.stat(store) ? (JSON.parse(process.fs.read(store).toString('utf8')) as [string, string][]) : [],
  );
  const save = (): void => {
    if (!process.fs.isDirectory('/data')) process.fs.makeDirectory('/data', true);
    process.fs.write(store, Buffer.from(JSON.stringify([...keys])));
  };
  switch (command.toUpperCase()) {
    case 'PING':
      process.write('PONG\n');
      return;
    case 'SET':
      keys.set(key, values.join(' '));
      save();
      process.write('OK\n');
      return;
    case 'GET':
      process.write(`${keys.get(key) ?? ''}\n`);
      return;
    case 'INCR':
      keys.set(key, String(Number(keys.get(key) ?? 0) + 1));
      save();
      process.write(`${keys.get(key)}\n`);
      return;
    case 'DEL':
      process.write(`${keys.delete(key) ? 1 : 0}\n`);
      save();
      return;
    case 'KEYS':
      process.write([...keys.keys()].map((each) => `${each}\n`).join(''));
      return;
    case 'INFO':
      process.write('# Server\r\nredis_version:7.4.0\r\nredis_mode:standalone\r\nrole:master\r\n');
      return;
    default:
      process.write(`(error) ERR the sandbox's redis does not know '${command}'\n`);
  }
});

export const servicePrograms: Readonly<Record<string, Program>> = {
  nginx: server('nginx version: nginx/1.27.0'),
  httpd: server('Server version: Apache/2.4.62 (Unix)'),
  'httpd-foreground': server('Server version: Apache/2.4.62 (Unix)'),
  'redis-server': server('Redis server v=7.4.0 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64'),
  'redis-cli': redisCli,
  postgres: server('postgres (PostgreSQL) 16.4', 300),
  pg_isready: simple((process) => process.write('/var/run/postgresql:5432 - accepting connections\n')),
  psql: simple((process) => {
    process.complain('psql: the sandbox has no database behind this server\n');
    return 2;
  }),
  mysqld: server('mysqld  Ver 8.4.2 for Linux on x86_64', 500),
  mongod: server('db version v7.0.12', 300),
  agnhost: server('agnhost 2.53'),
  serve: server('serve'),
};
