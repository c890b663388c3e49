import type { ImageReference } from './reference.js';

export type Family = 'busybox' | 'alpine' | 'debian' | 'ubuntu' | 'rocky' | 'none';

/** What an image brings along. */
export interface Image {
  family: Family;
  /** The version of the distribution, where the tag says one. */
  release: string;
  command: readonly string[];
  args: readonly string[];
  env: Readonly<Record<string, string>>;
  user: number;
  workingDir: string;
  /** What its own command does: serve, or run like any program. */
  server?: ServerKind;
  port: number;
  /** Memory that it takes when it does little. */
  memoryMib: number;
  megabytes: number;
  /** Its own programs, besides those of the family. */
  programs: readonly string[];
}

export type ServerKind = 'nginx' | 'httpd' | 'redis' | 'postgres' | 'mysql' | 'mongo' | 'echo' | 'cpu' | 'app' | 'pause' | 'tcp';

const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const plain: Image = {
  family: 'debian',
  release: '12',
  command: [],
  args: [],
  env: { PATH: path },
  user: 0,
  workingDir: '/',
  port: 0,
  memoryMib: 2,
  megabytes: 30,
  programs: [],
};

type Known = Partial<Omit<Image, 'env'>> & { env?: Record<string, string> };

const server = (kind: ServerKind, port: number, args: readonly string[], memoryMib: number, more: Known = {}): Known => ({
  server: kind,
  port,
  args,
  memoryMib,
  megabytes: 70,
  ...more,
});
const language = (args: readonly string[], memoryMib: number): Known => ({ args, memoryMib, megabytes: 360, programs: [args[0] ?? ''] });

/** By the last part of the repository's name. */
const known: Readonly<Record<string, Known>> = {
  busybox: { family: 'busybox', args: ['sh'], megabytes: 2, memoryMib: 1 },
  alpine: { family: 'alpine', args: ['/bin/sh'], megabytes: 4, memoryMib: 1 },
  debian: { args: ['bash'] },
  ubuntu: { family: 'ubuntu', args: ['/bin/bash'] },
  rockylinux: { family: 'rocky', args: ['/bin/bash'], megabytes: 70 },
  almalinux: { family: 'rocky', args: ['/bin/bash'], megabytes: 70 },
  centos: { family: 'rocky', args: ['/bin/bash'], megabytes: 80 },
  fedora: { family: 'rocky', args: ['/bin/bash'], megabytes: 80 },
  bash: { family: 'alpine', command: ['docker-entrypoint.sh'], args: ['bash'], programs: ['bash'] },
  curl: { family: 'alpine', command: ['/entrypoint.sh'], args: ['curl'], user: 100 },
  netshoot: { family: 'alpine', args: ['zsh'], megabytes: 200 },
  nginx: server('nginx', 80, ['nginx', '-g', 'daemon off;'], 6, {
    command: ['/docker-entrypoint.sh'],
    programs: ['nginx'],
    env: { NGINX_VERSION: '1.27.0' },
  }),
  'nginx-unprivileged': server('nginx', 8080, ['nginx', '-g', 'daemon off;'], 6, {
    command: ['/docker-entrypoint.sh'],
    programs: ['nginx'],
    user: 101,
  }),
  httpd: server('httpd', 80, ['httpd-foreground'], 9, { programs: ['httpd', 'httpd-foreground'], workingDir: '/usr/local/apache2' }),
  caddy: server('nginx', 80, ['caddy', 'run'], 14, { family: 'alpine' }),
  traefik: server('app', 80, ['traefik'], 30, { family: 'alpine' }),
  whoami: server('echo', 80, ['/whoami'], 4, { family: 'none' }),
  'http-echo': server('echo', 5678, ['/http-echo'], 4, { family: 'none' }),
  echoserver: server('echo', 8080, ['/run.sh'], 8),
  'echo-server': server('echo', 80, ['/echo'], 8),
  'hello-app': server('echo', 8080, ['./hello-app'], 5, { family: 'none' }),
  'hello-world': { family: 'none', args: ['/hello'], megabytes: 1 },
  agnhost: server('echo', 8080, ['pause'], 8, { family: 'alpine', command: ['/agnhost'] }),
  'hpa-example': server('cpu', 80, ['apache2-foreground'], 12),
  pause: server('pause', 0, ['/pause'], 1, { family: 'none', megabytes: 1 }),
  redis: server('redis', 6379, ['redis-server'], 8, {
    command: ['docker-entrypoint.sh'],
    programs: ['redis-server', 'redis-cli'],
    workingDir: '/data',
  }),
  valkey: server('redis', 6379, ['valkey-server'], 8, { command: ['docker-entrypoint.sh'], programs: ['redis-cli'], workingDir: '/data' }),
  memcached: server('tcp', 11211, ['memcached'], 4),
  postgres: server('postgres', 5432, ['postgres'], 38, {
    command: ['docker-entrypoint.sh'],
    programs: ['postgres', 'psql', 'pg_isready'],
    megabytes: 150,
  }),
  mysql: server('mysql', 3306, ['mysqld'], 380, { command: ['docker-entrypoint.sh'], programs: ['mysqld'], megabytes: 180 }),
  mariadb: server('mysql', 3306, ['mariadbd'], 110, { command: ['docker-entrypoint.sh'], megabytes: 130 }),
  mongo: server('mongo', 27017, ['mongod'], 150, { command: ['docker-entrypoint.sh'], programs: ['mongod'], megabytes: 250 }),
  rabbitmq: server('tcp', 5672, ['rabbitmq-server'], 130, { command: ['docker-entrypoint.sh'] }),
  python: language(['python3'], 9),
  node: language(['node'], 38),
  ruby: language(['irb'], 20),
  php: language(['php', '-a'], 12),
  golang: language(['bash'], 2),
  perl: language(['perl'], 4),
  openjdk: language(['jshell'], 120),
  'stress-ng': { family: 'alpine', command: ['stress-ng'], programs: ['stress-ng'], megabytes: 10 },
  stress: { family: 'alpine', args: [], programs: ['stress'], megabytes: 4 },
};

/** Whatever nobody knows is somebody's own app: a web server on the port that its container declares. */
const own: Known = server('app', 8080, ['/app/server'], 24, { workingDir: '/app', megabytes: 90 });

/** One of the well-known images of the Docker Hub's own library. */
export const isOfficial = ({ host, repository }: ImageReference): boolean =>
  host === 'docker.io' && repository.startsWith('library/') && Object.hasOwn(known, repository.slice('library/'.length));

const mostRemembered = 1000;
const remembered = new Map<string, Image>();

/** The same object for the same name. */
export function imageOf(reference: ImageReference): Image {
  let image = remembered.get(reference.canonical);
  if (!image) {
    if (remembered.size >= mostRemembered) remembered.clear();
    image = makeImage(reference);
    remembered.set(reference.canonical, image);
  }
  return image;
}

function makeImage({ repository, tag }: ImageReference): Image {
  const name = repository.split('/').pop() ?? '';
  const found = known[name] ?? own;
  const { env, ...rest } = found;
  const image: Image = { ...plain, ...rest, env: { ...plain.env, ...env } };
  if (image.family === 'debian' && /alpine/.test(tag)) image.family = 'alpine';
  const release = /^v?(\d+(?:\.\d+)*)/.exec(tag)?.[1];
  const isDistribution =
    image.server === undefined && ['alpine', 'debian', 'ubuntu', 'rockylinux', 'almalinux', 'busybox', 'centos', 'fedora'].includes(name);
  image.release = isDistribution && release ? release : defaultRelease[image.family];
  if (name === 'nginx' && release) image.env = { ...image.env, NGINX_VERSION: release.split('.').length === 2 ? `${release}.0` : release };
  return image;
}

const defaultRelease: Readonly<Record<Family, string>> = {
  busybox: '1.36',
  alpine: '3.21',
  debian: '12',
  ubuntu: '24.04',
  rocky: '9.5',
  none: '',
};
