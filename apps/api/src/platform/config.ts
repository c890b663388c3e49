import { isIP } from 'node:net';
import path from 'node:path';
import { z } from 'zod';

const flag = z.enum(['0', '1', 'true', 'false', '']).transform((v) => v === '1' || v === 'true');
const loopback = new Set(['127.0.0.1', '::1', 'localhost']);

const Environment = z.object({
  FAIRLEAD_PORT: z.coerce.number().int().min(0).max(65_535).default(4400),
  FAIRLEAD_HOST: z.string().min(1).default('127.0.0.1'),
  FAIRLEAD_URL: z.url({ protocol: /^https?$/ }).optional(),
  FAIRLEAD_DATA_DIR: z.string().min(1).default('.fairlead'),
  FAIRLEAD_ADMIN_PASSWORD: z.string().min(12, 'must have at least 12 characters').max(200).optional(),
  FAIRLEAD_DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, 'must be a postgres:// URL'),
  FAIRLEAD_SECRET_KEY: z
    .string()
    .regex(/^[A-Za-z0-9+/]{43}=$/, 'must be 32 bytes in base64')
    .optional(),
  FAIRLEAD_TRUSTED_PROXIES: z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((s) => s.trim())
        .filter(Boolean),
    )
    .refine((list) => list.every((ip) => isIP(ip) !== 0), 'must be IP addresses, separated by commas'),
  FAIRLEAD_WEBHOOK_ALLOW: z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((s) => s.trim())
        .filter(Boolean),
    )
    .refine((list) => list.every(isCidr), 'must be networks such as 10.20.0.0/16, separated by commas'),
  FAIRLEAD_PORTS_HOST: z
    .string()
    .transform((text) => text.toLowerCase().replace(/^\*\./, ''))
    .refine(
      (host) => /^(?=.{1,200}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)+$/.test(host),
      'must be a domain such as ports.example.com, whose every subdomain leads here',
    )
    .optional(),
  FAIRLEAD_INSECURE_HTTP: flag.default(false),
  FAIRLEAD_WEB_ORIGIN: z.url({ protocol: /^http$/ }).optional(),
  FAIRLEAD_REGISTER_KUBECONFIG: z.string().optional(),
  FAIRLEAD_REGISTER_SERVER: z.url({ protocol: /^https$/ }).optional(),
  FAIRLEAD_SANDBOX_KUBECONFIG: z.string().optional(),
  FAIRLEAD_DEMONSTRATION: flag.default(false),
  FAIRLEAD_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
});

/** What the operator set, read once at start. Nothing in it is logged. */
export interface Config {
  host: string;
  port: number;
  /** The one public origin, `https://…` or `http://…` without a path; set once the port is known when FAIRLEAD_URL is absent. */
  publicUrl: string | null;
  dataDir: string;
  adminPassword: string | null;
  databaseUrl: string;
  secretKey: string | null;
  trustedProxies: string[];
  /** Networks that webhooks may reach although they are not public. */
  webhookAllow: string[];
  /** Ports of pods are opened in browsers below this domain; null: below localhost, where Fairlead is on loopback. */
  portsHost: string | null;
  insecureHttp: boolean;
  webOrigin: string | null;
  register: { kubeconfigPath: string; server: string | null } | null;
  /** The simulated cluster that runs beside this process; registered as `sandbox`. */
  sandboxKubeconfigPath: string | null;
  /** At a first start: tell a story of an hour in it before the door opens. */
  demonstration: boolean;
  logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
}

export const CONFIG = Symbol('Config');

/** Names every variable that is wrong and why, never its value. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

/** @throws ConfigError */
export function readConfig(env: Record<string, string | undefined>): Config {
  const parsed = Environment.safeParse(Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== '')));
  if (!parsed.success) throw new ConfigError(parsed.error.issues.map((i) => `${i.path.join('.')}: ${i.message}`).join('\n'));
  const e = parsed.data;
  const url = e.FAIRLEAD_URL ? new URL(e.FAIRLEAD_URL) : null;
  if (url && (url.pathname !== '/' || url.search || url.hash || url.username))
    throw new ConfigError('FAIRLEAD_URL: must be an origin, without path or user');
  const ports = e.FAIRLEAD_PORTS_HOST;
  if (url && ports && (ports === url.hostname || ports.endsWith(`.${url.hostname}`)))
    throw new ConfigError('FAIRLEAD_PORTS_HOST: must not be the host of FAIRLEAD_URL or below it, for an app could set cookies for it');
  const plain = url ? url.protocol === 'http:' && !loopback.has(url.hostname) : !loopback.has(e.FAIRLEAD_HOST);
  if (plain && !e.FAIRLEAD_INSECURE_HTTP)
    throw new ConfigError(
      'FAIRLEAD_URL: plain http on an address that is not loopback sends passwords in clear: set FAIRLEAD_URL to an https:// origin, or FAIRLEAD_INSECURE_HTTP=1',
    );
  return {
    host: e.FAIRLEAD_HOST,
    port: e.FAIRLEAD_PORT,
    publicUrl: url?.origin ?? null,
    dataDir: path.resolve(e.FAIRLEAD_DATA_DIR),
    adminPassword: e.FAIRLEAD_ADMIN_PASSWORD ?? null,
    databaseUrl: e.FAIRLEAD_DATABASE_URL,
    secretKey: e.FAIRLEAD_SECRET_KEY ?? null,
    trustedProxies: e.FAIRLEAD_TRUSTED_PROXIES,
    webhookAllow: e.FAIRLEAD_WEBHOOK_ALLOW,
    portsHost: e.FAIRLEAD_PORTS_HOST ?? null,
    insecureHttp: e.FAIRLEAD_INSECURE_HTTP,
    webOrigin: e.FAIRLEAD_WEB_ORIGIN ?? null,
    register: e.FAIRLEAD_REGISTER_KUBECONFIG
      ? { kubeconfigPath: e.FAIRLEAD_REGISTER_KUBECONFIG, server: e.FAIRLEAD_REGISTER_SERVER ?? null }
      : null,
    sandboxKubeconfigPath: e.FAIRLEAD_SANDBOX_KUBECONFIG ?? null,
    demonstration: e.FAIRLEAD_DEMONSTRATION,
    logLevel: e.FAIRLEAD_LOG_LEVEL,
  };
}

function isCidr(text: string): boolean {
  const [address = '', prefix = '', ...more] = text.split('/');
  const bits = isIP(address) === 4 ? 32 : isIP(address) === 6 ? 128 : -1;
  return more.length === 0 && /^\d{1,3}$/.test(prefix) && Number(prefix) <= bits;
}
