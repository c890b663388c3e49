import { BlockList, isIP, isIPv6 } from 'node:net';

/** What the Internet does not route to somebody else, by IANA's registry of special-purpose addresses, and one cloud's wire server. */
const special = blockList([
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24'],
  ...['192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4'],
  ...['168.63.129.16/32', '2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'],
]);
/** Global unicast: what lies outside is never public, IPv4 inside IPv6 among it. */
const globalUnicast = blockList(['2000::/3']);

export type AddressCheck = (ip: string, port: number) => void;

/** Its message goes on after the URL: "leads to …", "is not a URL". */
export class TargetDenied extends Error {
  override name = 'TargetDenied';
}

/**
 * The *webhook* profile of egress: public addresses, and the networks that the operator opened. Asked with every address at each dial, after
 * name resolution. `never` refuses first what nothing opens: link-local, metadata, multicast, unspecified, our own listeners and database.
 * @throws TargetDenied
 */
export function webhookAddresses(allow: readonly string[], never: AddressCheck): AddressCheck {
  const opened = blockList(allow);
  return (ip, port) => {
    try {
      never(ip, port);
    } catch {
      throw new TargetDenied('leads to an address that Fairlead never sends to');
    }
    const family = isIPv6(ip) ? 'ipv6' : 'ipv4';
    if (isIP(ip) === 0) throw new TargetDenied('leads to no address');
    if (opened.check(ip, family)) return;
    if (special.check(ip, family) || (family === 'ipv6' && !globalUnicast.check(ip, family)))
      throw new TargetDenied('leads to an address that is not public (FAIRLEAD_WEBHOOK_ALLOW opens a network)');
  };
}

function blockList(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix] = network.split('/');
    list.addSubnet(address, Number(prefix), isIPv6(address) ? 'ipv6' : 'ipv4');
  }
  return list;
}
