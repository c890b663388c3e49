import { BlockList, isIP, isIPv6 } from 'node:net';
import { AddressDenied } from '@fairlead/kube';

/** Never a cluster: link-local (clouds' metadata among it), multicast, unspecified, broadcast, and clouds' metadata outside link-local. */
const never = new BlockList();
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['169.254.0.0', 16],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  ['100.100.100.200', 32],
  ['192.0.0.192', 32],
  ['168.63.129.16', 32],
] as const)
  never.addSubnet(net, prefix, 'ipv4');
for (const [net, prefix] of [
  ['::', 128],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
  ['fd00:ec2::', 32],
  ['fd20:ce::', 32],
] as const)
  never.addSubnet(net, prefix, 'ipv6');

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

export interface OwnAddresses {
  /** Ports on which this machine runs parts of Fairlead: its door, its web process, its database. */
  ports: readonly number[];
  /** Addresses of this machine; loopback always is. */
  addresses: readonly string[];
  /** Listeners elsewhere: a database on another machine. */
  elsewhere: readonly { address: string; port: number }[];
}

/**
 * The *cluster* profile of egress: loopback and private addresses may be clusters, for platform admins alone register them. Called with every
 * address at each dial, after name resolution. @throws AddressDenied
 */
export function checkClusterAddress(ip: string, port: number, own: OwnAddresses): void {
  const address = plain(ip);
  const family = isIPv6(address) ? 'ipv6' : 'ipv4';
  if (isIP(address) === 0 || never.check(address, family)) throw new AddressDenied('an address that is never a cluster');
  const here = loopback.check(address, family) || own.addresses.includes(address);
  if (here && own.ports.includes(port)) throw new AddressDenied("Fairlead's own listener");
  if (own.elsewhere.some((each) => each.address === address && each.port === port)) throw new AddressDenied("Fairlead's own database");
}

/** IPv4 inside IPv6 (mapped, or NAT64's well-known prefix) is judged as the IPv4 that it is; a zone is dropped. */
function plain(ip: string): string {
  const bare = ip.replace(/%.*$/, '').toLowerCase();
  if (!isIPv6(bare)) return bare;
  const canonical = new URL(`http://[${bare}]`).hostname.slice(1, -1);
  const embedded = /^(?:::ffff:|64:ff9b::)([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(canonical);
  if (!embedded) return canonical;
  const [high, low] = [Number.parseInt(embedded[1]!, 16), Number.parseInt(embedded[2]!, 16)];
  return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
}
