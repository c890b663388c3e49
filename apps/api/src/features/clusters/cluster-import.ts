import type { RequestOptions } from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';
import { Inject, Injectable } from '@nestjs/common';
import { AppError } from '../../platform/app-error.js';
import { CONFIG, type Config } from '../../platform/config.js';
import { LOGGER, type Logger } from '../../platform/logger.js';
import { Clusters } from './clusters.js';
import { type AdminAccess, Registration } from './registration.js';

/**
 * `npm start -- --kubeconfig PATH`: the operator's own file on the operator's own machine, read with everything that kubectl would do (commands
 * included), and used once. Each context becomes a cluster; one that is registered already is skipped. Nothing here stops the start.
 */
@Injectable()
export class ClusterImport {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly registration: Registration,
    private readonly clusters: Clusters,
  ) {}

  async run(): Promise<void> {
    const { register } = this.config;
    if (!register) return;
    // Loaded only when it is needed: it costs 40 MB.
    const client = await import('@kubernetes/client-node');
    const file = new client.KubeConfig();
    try {
      file.loadFromFile(register.kubeconfigPath);
    } catch {
      // The reader's own message may quote the file.
      this.logger.error({ path: register.kubeconfigPath }, 'the kubeconfig cannot be read: no cluster was registered from it');
      return;
    }
    for (const { name: context } of file.getContexts()) await this.registerContext(file, context, register.server);
  }

  /** A later start: said by name and address, without waiting for a cluster that may be away. */
  private async isThere(name: string, server: string | undefined): Promise<boolean> {
    const known = await this.clusters.resolve(name);
    return known !== null && known.server === server?.replace(/\/+$/, '');
  }

  private async registerContext(file: KubeConfig, context: string, server: string | null): Promise<void> {
    const name = clusterName(context);
    try {
      const access = await accessOf(file, context, server);
      const { version } = await this.registration.register({ name, access, createdById: null });
      this.logger.info({ cluster: name, context, version }, 'a cluster was registered from the kubeconfig');
    } catch (error) {
      if (
        error instanceof AppError &&
        (error.code === 'conflict' || (error.code === 'name_taken' && (await this.isThere(name, server ?? serverOf(file, context)))))
      )
        this.logger.info({ context }, 'a cluster of the kubeconfig is registered already');
      else
        this.logger.error(
          { cluster: name, context, reason: error instanceof Error ? error.message : 'unknown' },
          'a cluster of the kubeconfig could not be registered',
        );
    }
  }
}

const serverOf = (file: KubeConfig, context: string): string | undefined =>
  file.getCluster(file.getContextObject(context)?.cluster ?? '')?.server;

/** The context's name as a DNS label: `kind-dev`, `arn:aws:eks:…:cluster/prod` → `arn-aws-eks-cluster-prod`. */
export function clusterName(context: string): string {
  const label = context
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 63)
    .replace(/-+$/, '');
  return label || 'cluster';
}

/** @throws Error in words, without a value of the file */
async function accessOf(file: KubeConfig, context: string, override: string | null): Promise<AdminAccess> {
  file.setCurrentContext(context);
  const cluster = file.getCurrentCluster();
  if (!cluster || !file.getCurrentUser()) throw new Error('its cluster or user is not in the file');
  if (cluster.skipTLSVerify) throw new Error('insecure-skip-tls-verify is not accepted: give certificate-authority-data');
  const server = override ?? cluster.server;
  if (!server.startsWith('https://')) throw new Error('the server is not https');
  const options: RequestOptions = {};
  await file.applyToHTTPSOptions(options);
  const ca = text(options.ca);
  const [certificate, key] = [text(options.cert), text(options.key)];
  const authorization = (options.headers as Record<string, unknown> | undefined)?.Authorization;
  const token = typeof authorization === 'string' ? /^Bearer (\S+)$/.exec(authorization)?.[1] : undefined;
  const auth = token ? { token } : certificate && key ? { clientCertificate: certificate, clientKey: key } : null;
  if (!auth) throw new Error('it gives neither a token nor a client certificate');
  return { server: server.replace(/\/+$/, ''), auth, ...(ca ? { ca } : {}) };
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : Buffer.isBuffer(value) ? value.toString('utf8') : undefined;
