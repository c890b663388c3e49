import 'reflect-metadata';
import type { RequestListener, Server } from 'node:http';
import { createServer } from 'node:http';
import helmet from '@fastify/helmet';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import { LiveWsAdapter } from './features/live/index.js';
import { FirstAdmin } from './features/users/index.js';
import type { Clock } from './platform/clock.js';
import { systemClock } from './platform/clock.js';
import type { Config } from './platform/config.js';
import { ErrorFilter } from './platform/http/error.filter.js';
import { newId } from './platform/id.js';
import { createLogger, type Logger } from './platform/logger.js';
import { loadSecretKey } from './platform/sealer.js';

const bodyLimit = 3 * 1024 * 1024;

export interface Application {
  app: NestFastifyApplication;
  /** Nest's part of the front door: everything below /api/. */
  api: RequestListener;
  /** The account that this start made, with its password when it was generated. */
  firstAdmin: { name: string; password: string | null } | null;
}

/** Builds the application without listening; the front door (door.ts) does that. Migrations are applied before. */
export async function createApplication(config: Config, given: { clock?: Clock; logger?: Logger } = {}): Promise<Application> {
  const clock = given.clock ?? systemClock;
  const logger = given.logger ?? createLogger(config.logLevel);
  const secretKey = await loadSecretKey(config.secretKey, config.dataDir);
  let api: RequestListener | undefined;
  const adapter = new FastifyAdapter({
    serverFactory: (handler: RequestListener): Server => {
      api = handler;
      return createServer(handler); // never listens: the front door calls the handler
    },
    bodyLimit,
    genReqId: () => newId(),
    requestIdHeader: false,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
  });
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with({ config, clock, logger, secretKey }), adapter, {
    logger: nestLogger(logger),
    bodyParser: false,
    abortOnError: false,
  });
  const fastify = adapter.getInstance();
  fastify.removeAllContentTypeParsers();
  const parseJson = fastify.getDefaultJsonParser('error', 'error');
  fastify.addContentTypeParser('application/json', { parseAs: 'string', bodyLimit }, (request, body, done) => {
    if (body === '') done(null, undefined);
    else parseJson(request, body as string, done);
  });
  await fastify.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    strictTransportSecurity: false,
  });
  fastify.addHook('onRequest', async (request, reply) => {
    reply.header('cache-control', 'private, no-store').header('x-request-id', request.id);
  });
  app.useGlobalFilters(app.get(ErrorFilter));
  app.useWebSocketAdapter(app.get(LiveWsAdapter));
  await app.init();
  await fastify.ready();
  if (!api) throw new Error('Fastify made no server');
  return { app, api, firstAdmin: await app.get(FirstAdmin).ensure() };
}

function nestLogger(logger: Logger) {
  const at = (level: 'debug' | 'warn' | 'error') => (message: unknown) => logger[level]({ nest: String(message).slice(0, 1000) }, 'nest');
  return { log: at('debug'), debug: at('debug'), verbose: at('debug'), warn: at('warn'), error: at('error'), fatal: at('error') };
}
