// Docker is not everywhere; what can be checked without it is: only keys that Compose has, and names that belong together.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { fromRoot } from '../lib/paths.mjs';
import { applicationRole, ownerRole } from '../lib/postgres.mjs';

const duration = z.string().regex(/^\d+(ms|s|m|h)$/);
const Service = z
  .strictObject({
    image: z.string().regex(/^[a-z0-9./-]+:[\w.-]+$/),
    build: z.string(),
    command: z.array(z.string()),
    restart: z.enum(['no', 'always', 'on-failure', 'unless-stopped']),
    privileged: z.boolean(),
    init: z.boolean(),
    stop_grace_period: duration,
    environment: z.record(z.string().regex(/^[A-Z][A-Z0-9_]*$/), z.string()),
    configs: z.array(z.strictObject({ source: z.string(), target: z.string().startsWith('/') })),
    volumes: z.array(z.string().regex(/^[a-z0-9]+:\/[\w./-]+(:ro)?$/)),
    tmpfs: z.array(z.string().startsWith('/')),
    ports: z.array(z.string().regex(/^127\.0\.0\.1:\d+:\d+$/)),
    depends_on: z.record(
      z.string(),
      z.strictObject({ condition: z.enum(['service_started', 'service_healthy', 'service_completed_successfully']) }),
    ),
    healthcheck: z.strictObject({
      test: z.array(z.string()).refine(([how]) => how === 'CMD' || how === 'CMD-SHELL'),
      interval: duration,
      timeout: duration,
      retries: z.int().positive(),
    }),
  })
  .partial();
const Compose = z.strictObject({
  services: z.record(z.string(), Service),
  configs: z.record(z.string(), z.strictObject({ content: z.string() })),
  volumes: z.record(z.string(), z.null()),
});

const compose = Compose.parse(parse(readFileSync(fromRoot('docker-compose.yml'), 'utf8')));
const { postgres, k3s, fairlead } = compose.services;

describe('docker-compose.yml', () => {
  it('names only volumes, configurations and services that it declares', () => {
    for (const service of Object.values(compose.services)) {
      for (const volume of service.volumes ?? []) expect(Object.keys(compose.volumes)).toContain(volume.split(':')[0]);
      for (const { source } of service.configs ?? []) expect(Object.keys(compose.configs)).toContain(source);
      for (const other of Object.keys(service.depends_on ?? {})) expect(compose.services[other]?.healthcheck).toBeDefined();
      expect(Boolean(service.image) !== Boolean(service.build)).toBe(true);
    }
  });

  it('gives Fairlead the kubeconfig that k3s writes, and the name that its certificate has', () => {
    const file = k3s.environment.K3S_KUBECONFIG_OUTPUT;
    expect(fairlead.environment.FAIRLEAD_REGISTER_KUBECONFIG).toBe(file);
    expect(k3s.volumes).toContain('kubeconfig:/kubeconfig');
    expect(fairlead.volumes).toContain('kubeconfig:/kubeconfig:ro');
    expect(k3s.command).toContain(`--tls-san=${new URL(fairlead.environment.FAIRLEAD_REGISTER_SERVER).hostname}`);
  });

  it('connects as the role that owns nothing, and migrates as the one that does', () => {
    expect(new URL(fairlead.environment.DATABASE_URL.replace(/\$\{\w+\}/, 'x')).username).toBe(applicationRole);
    expect(new URL(fairlead.environment.FAIRLEAD_MIGRATION_DATABASE_URL.replace(/\$\{\w+\}/, 'x')).username).toBe(ownerRole);
    expect(compose.configs.roles.content).toMatch(`CREATE ROLE ${applicationRole} LOGIN PASSWORD :'app'`);
  });

  it('holds no password, and asks for each', () => {
    for (const service of [postgres, fairlead])
      for (const [name, value] of Object.entries(service.environment))
        if (/PASSWORD|DATABASE_URL/.test(name)) expect(value).toMatch(/\$\{[A-Z_]+(:\?[^}]+)?\}/);
  });
});

describe('the Dockerfile', () => {
  const lines = readFileSync(fromRoot('Dockerfile'), 'utf8')
    .split('\n')
    .filter((line) => line && !line.startsWith('#'));

  it('runs as a user without rights, and only scripts that are there', () => {
    expect(lines.indexOf('USER node')).toBeLessThan(lines.findIndex((line) => line.startsWith('RUN node')));
    const scripts = lines.flatMap((line) => [...line.matchAll(/scripts\/[\w./-]+\.mjs/g)].map(([name]) => name));
    expect(scripts.length).toBeGreaterThan(0);
    for (const script of scripts) expect(existsSync(fromRoot(script))).toBe(true);
  });

  it('copies neither data nor history into the image', () => {
    const ignored = readFileSync(fromRoot('.dockerignore'), 'utf8').split('\n');
    expect(ignored).toEqual(expect.arrayContaining(['.git', '.fairlead', '.env', '**/node_modules']));
  });
});
