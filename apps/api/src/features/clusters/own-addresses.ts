import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Config } from '../../platform/config.js';
import type { OwnAddresses } from './address-policy.js';

/** Where Fairlead itself listens, and its database. `port` is the door's, once it is known. */
export async function ownAddresses(config: Config, port: number | null): Promise<OwnAddresses> {
  const addresses = Object.values(networkInterfaces()).flatMap((each) => (each ?? []).map((one) => one.address));
  const ports = [config.port, port, config.webOrigin ? portOf(config.webOrigin, 80) : null].filter(
    (each) => each !== null && each > 0,
  ) as number[];
  const database = new URL(config.databaseUrl);
  const databasePort = portOf(config.databaseUrl, 5432);
  const databaseAddresses = await resolve(database.hostname.replace(/^\[|\]$/g, ''));
  return {
    addresses,
    ports: [...ports, ...(databaseAddresses.some(isLocal(addresses)) ? [databasePort] : [])],
    elsewhere: databaseAddresses.map((address) => ({ address, port: databasePort })),
  };
}

const portOf = (url: string, otherwise: number): number => Number(new URL(url).port) || otherwise;
const isLocal = (own: string[]) => (address: string) => address.startsWith('127.') || address === '::1' || own.includes(address);

async function resolve(host: string): Promise<string[]> {
  if (host === '' || isIP(host) !== 0) return host === '' ? ['127.0.0.1'] : [host];
  return (await lookup(host, { all: true }).catch(() => [])).map((each) => each.address);
}
