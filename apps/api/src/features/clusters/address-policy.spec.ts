import { describe, expect, it } from 'vitest';
import { checkClusterAddress } from './address-policy.js';

const own = { ports: [4400, 55432], addresses: ['10.1.2.3'], elsewhere: [{ address: '10.9.9.9', port: 5432 }] };

describe('S2: addresses that are never dialled as a cluster', () => {
  it.each([
    ['the metadata service', '169.254.169.254', 443],
    ['it as an IPv4-mapped address', '::ffff:169.254.169.254', 443],
    ['it as an IPv4-mapped address in hex', '::ffff:a9fe:a9fe', 443],
    ['it through NAT64', '64:ff9b::a9fe:a9fe', 443],
    ["AWS's metadata over IPv6", 'fd00:ec2::254', 443],
    ["Alibaba's metadata", '100.100.100.200', 443],
    ["Azure's wire server", '168.63.129.16', 443],
    ['link-local IPv6', 'fe80::1', 443],
    ['link-local IPv6 with a zone', 'fe80::1%eth0', 443],
    ['the unspecified address', '0.0.0.0', 443],
    ['the unspecified IPv6 address', '::', 443],
    ['multicast', '224.0.0.1', 443],
    ['multicast IPv6', 'ff02::1', 443],
    ['broadcast', '255.255.255.255', 443],
    ["Fairlead's own door", '127.0.0.1', 4400],
    ["Fairlead's own door by another loopback address", '127.8.8.8', 4400],
    ["Fairlead's own door over IPv6", '::1', 4400],
    ["Fairlead's own door, mapped", '::ffff:7f00:1', 4400],
    ["Fairlead's own door by the machine's address", '10.1.2.3', 4400],
    ['its embedded database', '127.0.0.1', 55432],
    ['its database elsewhere', '10.9.9.9', 5432],
    ['no address at all', 'localhost', 443],
  ])('%s: %s port %i', (_, ip, port) => {
    expect(() => checkClusterAddress(ip, port, own)).toThrow();
  });

  it.each([
    ['loopback on another port', '127.0.0.1', 16443],
    ['a private address', '10.250.0.1', 6443],
    ['a private address on the port that is ours only here', '10.250.0.1', 4400],
    ['another port of the machine of the database', '10.9.9.9', 6443],
    ['a public address', '203.0.113.7', 443],
    ['a unique local address', 'fd12:3456::1', 6443],
  ])('lets %s pass: %s port %i', (_, ip, port) => {
    expect(() => checkClusterAddress(ip, port, own)).not.toThrow();
  });
});
