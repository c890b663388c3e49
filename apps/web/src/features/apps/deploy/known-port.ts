/** Ports that well-known images listen on, by the last part of their name; `web`: by HTTP, so that an address makes sense. */
const known: Readonly<Record<string, { port: number; web: boolean }>> = {
  ...all(80, true, ['nginx', 'httpd', 'caddy', 'traefik', 'whoami', 'httpbin', 'wordpress', 'drupal', 'joomla', 'nextcloud', 'phpmyadmin']),
  ...all(8080, true, ['nginx-unprivileged', 'tomcat', 'jetty', 'jenkins', 'adminer', 'keycloak', 'wildfly', 'echoserver']),
  ...all(3000, true, ['grafana', 'gitea', 'forgejo', 'metabase']),
  ...all(9090, true, ['prometheus']),
  ...all(9898, true, ['podinfo']),
  ...all(5678, true, ['http-echo', 'n8n']),
  ...all(2368, true, ['ghost']),
  ...all(5000, true, ['registry']),
  ...all(3001, true, ['uptime-kuma']),
  ...all(9200, true, ['elasticsearch', 'opensearch']),
  ...all(5601, true, ['kibana']),
  ...all(8086, true, ['influxdb']),
  ...all(6379, false, ['redis', 'valkey', 'keydb']),
  ...all(5432, false, ['postgres', 'postgresql', 'postgis', 'timescaledb']),
  ...all(3306, false, ['mysql', 'mariadb']),
  ...all(27017, false, ['mongo', 'mongodb']),
  ...all(5672, false, ['rabbitmq']),
  ...all(4222, false, ['nats']),
  ...all(11211, false, ['memcached']),
};

function all(port: number, web: boolean, names: readonly string[]): Record<string, { port: number; web: boolean }> {
  return Object.fromEntries(names.map((name) => [name, { port, web }]));
}

/** What a well-known image listens on; null for any other. A tag is no matter: their ports do not change with it. */
export function knownPort(image: string): { port: number; web: boolean } | null {
  const last = image.trim().split('@')[0]?.split('/').at(-1)?.split(':')[0] ?? '';
  return Object.hasOwn(known, last) ? (known[last] ?? null) : null;
}
