import type { Entry } from '../machine/tree.js';
import type { Image } from './images.js';

const core =
  'sh ls cat cp mv rm mkdir rmdir touch ln chmod chown chgrp find stat du df mount readlink realpath tee dd sync basename dirname grep egrep fgrep head tail wc sort uniq cut tr sed awk seq yes xargs base64 md5sum sha1sum sha256sum date sleep uname ps env id uptime free top timeout kill pidof printenv hostname whoami nproc arch true false echo printf test [ pwd which tty stty clear reset nice tar gzip more diff rev tac pgrep pkill killall ip';
const box = `${core} ash busybox wget nslookup ping nc ifconfig less telnet vi`;
const big = `${core} bash dash getent less`;

const byFamily: Readonly<Record<Image['family'], readonly string[]>> = {
  busybox: box.split(' '),
  alpine: `${box} getent apk`.split(' '),
  debian: `${big} curl apt apt-get`.split(' '),
  ubuntu: `${big} apt apt-get`.split(' '),
  rocky: `${big} curl yum dnf vi`.split(' '),
  none: [],
};

const program = Buffer.from('\x7fELF\x02\x01\x01');
const roots = new Map<string, ReadonlyMap<string, Entry>>();

/** An image's files: one map for all containers of its kind. */
export function imageRoot(image: Image, name: string): ReadonlyMap<string, Entry> {
  const key = `${name} ${image.family} ${image.release}`;
  let root = roots.get(key);
  if (!root) {
    root = build(image, name);
    roots.set(key, root);
  }
  return root;
}

function build(image: Image, name: string): Map<string, Entry> {
  const mtime = Date.UTC(2025, 8, 1);
  const root = new Map<string, Entry>();
  const directory = (path: string, mode = 0o755): void => {
    const parts = path.split('/');
    for (let length = 1; length <= parts.length; length += 1) {
      const at = parts.slice(0, length).join('/');
      if (!root.has(at)) root.set(at, { type: 'directory', mode: length === parts.length ? mode : 0o755, mtime });
    }
  };
  const file = (path: string, text: string | Buffer, mode = 0o644): void => {
    const at = path.lastIndexOf('/');
    if (at !== -1) directory(path.slice(0, at));
    root.set(path, { type: 'file', data: Buffer.isBuffer(text) ? text : Buffer.from(text), mode, mtime });
  };
  directory('', 0o755);
  for (const device of ['null', 'zero', 'urandom', 'full', 'stdin', 'stdout', 'stderr', 'tty'] as const) {
    directory('dev');
    root.set(`dev/${device}`, { type: 'device', device, mtime });
  }
  root.set('dev/random', { type: 'device', device: 'urandom', mtime });
  for (const path of [
    'proc',
    'sys',
    'run',
    'var/run',
    'var/log',
    'etc',
    'opt',
    'home',
    'mnt',
    'srv',
    'usr/local/bin',
    'usr/share',
    'var/lib',
    'var/tmp',
  ])
    directory(path);
  directory('tmp', 0o1777);
  directory('root', 0o700);
  if (image.family === 'none') {
    for (const word of [...image.command, ...image.args]) if (word.startsWith('/')) file(word.slice(1), program, 0o755);
    return root;
  }
  const merged = image.family !== 'busybox' && image.family !== 'alpine';
  const bin = merged ? 'usr/bin' : 'bin';
  directory(bin);
  if (merged) for (const link of ['bin', 'sbin']) root.set(link, { type: 'link', target: `usr/${link}`, mtime });
  directory('usr/sbin');
  for (const each of [...byFamily[image.family], ...image.programs]) file(`${bin}/${each}`, program, 0o755);
  const [entry] = image.command;
  if (entry) file(entry.startsWith('/') ? entry.slice(1) : `usr/local/bin/${entry}`, program, 0o755);
  const [first] = image.args;
  if (image.server && first && !root.has(`${bin}/${first}`))
    file(first.startsWith('/') ? first.slice(1) : `usr/local/bin/${first.replace(/^\.\//, '')}`, program, 0o755);
  file(
    'etc/passwd',
    `root:x:0:0:root:/root:/bin/${merged ? 'bash' : 'sh'}\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n${name === 'nginx' ? 'nginx:x:101:101:nginx:/nonexistent:/bin/false\n' : ''}`,
  );
  file('etc/group', 'root:x:0:\nnogroup:x:65534:\n');
  for (const [path, text] of Object.entries(release(image))) file(path, text);
  own(name, file, directory);
  return root;
}

function own(name: string, file: (path: string, text: string) => void, directory: (path: string) => void): void {
  if (name === 'nginx') {
    file(
      'etc/nginx/nginx.conf',
      'user  nginx;\nworker_processes  auto;\n\nevents {\n    worker_connections  1024;\n}\n\nhttp {\n    include /etc/nginx/conf.d/*.conf;\n}\n',
    );
    file(
      'etc/nginx/conf.d/default.conf',
      'server {\n    listen       80;\n    server_name  localhost;\n\n    location / {\n        root   /usr/share/nginx/html;\n        index  index.html index.htm;\n    }\n}\n',
    );
    file('usr/share/nginx/html/index.html', nginxPage);
    file(
      'usr/share/nginx/html/50x.html',
      '<!DOCTYPE html>\n<html>\n<head><title>Error</title></head>\n<body><h1>An error occurred.</h1></body>\n</html>\n',
    );
    directory('var/cache/nginx');
    directory('var/log/nginx');
  }
  if (name === 'httpd') file('usr/local/apache2/htdocs/index.html', '<html><body><h1>It works!</h1></body></html>\n');
  if (name === 'redis' || name === 'valkey') directory('data');
  if (name === 'postgres') directory('var/lib/postgresql/data');
  if (name === 'mysql' || name === 'mariadb') directory('var/lib/mysql');
  directory('app');
}

export const nginxPage =
  '<!DOCTYPE html>\n<html>\n<head>\n<title>Welcome to nginx!</title>\n</head>\n<body>\n<h1>Welcome to nginx!</h1>\n<p>If you see this page, the nginx web server is successfully installed and\nworking. Further configuration is required.</p>\n<p><em>Thank you for using nginx.</em></p>\n</body>\n</html>\n';

function release({ family, release: version }: Image): Record<string, string> {
  const major = version.split('.')[0] ?? '';
  switch (family) {
    case 'rocky':
      return {
        'etc/os-release': `NAME="Rocky Linux"\nVERSION="${version === '8' ? '8.9 (Green Obsidian)' : `${version} (Blue Onyx)`}"\nID="rocky"\nID_LIKE="rhel centos fedora"\nVERSION_ID="${version === '8' ? '8.9' : version}"\nPLATFORM_ID="platform:el${major}"\nPRETTY_NAME="Rocky Linux ${version === '8' ? '8.9 (Green Obsidian)' : `${version} (Blue Onyx)`}"\nANSI_COLOR="0;32"\nLOGO="fedora-logo-icon"\nCPE_NAME="cpe:/o:rocky:rocky:${major}:GA"\nHOME_URL="https://rockylinux.org/"\n`,
        'etc/redhat-release': `Rocky Linux release ${version === '8' ? '8.9 (Green Obsidian)' : `${version} (Blue Onyx)`}\n`,
      };
    case 'alpine':
      return {
        'etc/os-release': `NAME="Alpine Linux"\nID=alpine\nVERSION_ID=${version}.0\nPRETTY_NAME="Alpine Linux v${version}"\nHOME_URL="https://alpinelinux.org/"\nBUG_REPORT_URL="https://gitlab.alpinelinux.org/alpine/aports/-/issues"\n`,
        'etc/alpine-release': `${version}.0\n`,
      };
    case 'ubuntu':
      return {
        'etc/os-release': `PRETTY_NAME="Ubuntu ${version} LTS"\nNAME="Ubuntu"\nVERSION_ID="${version}"\nVERSION="${version} LTS"\nID=ubuntu\nID_LIKE=debian\nHOME_URL="https://www.ubuntu.com/"\n`,
      };
    case 'debian':
      return {
        'etc/os-release': `PRETTY_NAME="Debian GNU/Linux ${major} (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="${major}"\nVERSION="${major} (bookworm)"\nVERSION_CODENAME=bookworm\nID=debian\nHOME_URL="https://www.debian.org/"\n`,
        'etc/debian_version': `${major}.8\n`,
      };
    default:
      return {};
  }
}
