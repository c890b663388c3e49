import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import request from 'supertest';
import { createApplication } from '../../src/create-application.js';
import { openDoor } from '../../src/door.js';
import { type Config, readConfig } from '../../src/platform/config.js';
import { createLogger } from '../../src/platform/logger.js';
import { createDatabase, type TestDatabase } from './database.js';

export const adminPassword = 'correct horse battery staple';

export interface Fairlead {
  url: string;
  tlsUrl: string;
  database: TestDatabase;
  dataDir: string;
  config: Config;
  app: INestApplicationContext;
  /** A session by name and password; `as(session)` then asks with its cookie and our origin. */
  signIn(name: string, password: string): Promise<Session>;
  admin(): Promise<Session>;
  /** A user with a password, and their session. */
  person(name: string, platformRoles?: string[]): Promise<Session & { id: string }>;
  /** Stops without deleting, for a second start on the same data. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

export interface Session {
  cookie: string;
  get(path: string): request.Test;
  post(path: string, body?: object): request.Test;
  patch(path: string, body: object): request.Test;
  put(path: string, body: object): request.Test;
  delete(path: string, body?: object): request.Test;
  /** An API token of this person. */
  token(body?: object): Promise<string>;
}

interface Options {
  /** Gets every line that would be logged, at the lowest level. */
  log?: (line: string) => void;
  env?: Record<string, string>;
  on?: Pick<Fairlead, 'database' | 'dataDir'>;
}

/** A whole Fairlead, without the web process, on a database of its own. */
export async function startFairlead({ env = {}, on, log }: Options = {}): Promise<Fairlead> {
  const database = on?.database ?? (await createDatabase());
  const dataDir = on?.dataDir ?? (await mkdtemp(path.join(os.tmpdir(), 'fairlead-data-')));
  const config = readConfig({
    FAIRLEAD_PORT: '0',
    FAIRLEAD_DATABASE_URL: database.url,
    FAIRLEAD_DATA_DIR: dataDir,
    FAIRLEAD_ADMIN_PASSWORD: adminPassword,
    FAIRLEAD_LOG_LEVEL: process.env.FAIRLEAD_DEBUG_LOG ?? 'silent',
    ...env,
  });
  const application = await createApplication(config, {
    logger: log ? createLogger('debug', { write: log }) : createLogger(config.logLevel),
  });
  const door = await openDoor(application, config);
  const url = door.publicUrl;
  const sessionOf = (cookie: string): Session => {
    const send = (method: 'get' | 'post' | 'patch' | 'put' | 'delete', to: string, body?: object) => {
      const test = request(url)[method](`/api/v1${to}`).set('cookie', cookie);
      if (method !== 'get') test.set('origin', url);
      return body ? test.send(body) : test;
    };
    return {
      cookie,
      get: (to) => send('get', to),
      post: (to, body) => send('post', to, body),
      patch: (to, body) => send('patch', to, body),
      put: (to, body) => send('put', to, body),
      delete: (to, body) => send('delete', to, body),
      token: async (body = { name: 'test' }) => ((await send('post', '/tokens', body).expect(201)).body as { token: string }).token,
    };
  };
  const signIn = async (username: string, password: string) => {
    const answer = await request(url).post('/api/v1/auth/sign-in').send({ username, password }).expect(200);
    return sessionOf(answer.headers['set-cookie']![0]!.split(';')[0]!);
  };
  let admin: Promise<Session> | undefined;
  const asAdmin = () => (admin ??= signIn('admin', adminPassword));
  const stop = async () => {
    await door.close();
    await application.app.close();
  };
  return {
    url,
    tlsUrl: door.tlsUrl,
    database,
    dataDir,
    config,
    app: application.app,
    signIn,
    admin: asAdmin,
    person: async (name, platformRoles = []) => {
      const made = await (await asAdmin()).post('/users', { name, password: adminPassword, platformRoles }).expect(201);
      return { ...(await signIn(name, adminPassword)), id: (made.body as { id: string }).id };
    },
    stop,
    close: async () => {
      await stop();
      await database.drop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
