import { describe, expect, it } from 'vitest';
import { type AddressCheck, TargetDenied, webhookAddresses } from './address-policy.js';
import { targetOf } from './target.js';

/** Stands for the rules that nothing opens; their own table is beside them. */
const never: AddressCheck = (ip, port) => {
  if (/^(169\.254\.|fe80:|0\.0\.0\.0$|::$)/.test(ip) || port === 4400) throw new Error('never');
};
const check = webhookAddresses([], never);

describe('URLs that are refused before any name is resolved', () => {
  it.each([
    ['nothing', ''],
    ['no URL', 'hooks.example.com'],
    ['a file', 'file:///etc/passwd'],
    ['gopher', 'gopher://hooks.example.com/'],
    ['javascript', 'javascript:alert(1)'],
    ['a user', 'https://user@hooks.example.com/'],
    ['a user and password', 'https://user:pass@hooks.example.com/'],
    ['an empty user', 'https://@hooks.example.com/'],
    ['a host that hides as a user', 'https://hooks.example.com@10.0.0.1/'],
    ['a backslash before the @', 'https://hooks.example.com\\@10.0.0.1/x'],
    ['a line break', 'https://hooks.example.com/\n'],
    ['a tab in the host', 'https://hooks.exa\tmple.com/'],
    ['a fragment', 'https://hooks.example.com/#x'],
    ['Fairlead itself', 'https://fairlead.example.com/api/v1/me'],
    ['port 0', 'http://hooks.example.com:0/'],
    ['localhost', 'http://localhost:8080/'],
    ['LOCALHOST with a dot', 'http://LOCALHOST./'],
    ['a name below localhost', 'http://a.localhost/'],
    ['loopback', 'http://127.0.0.1/'],
    ['another loopback', 'http://127.8.8.8/'],
    ['loopback with a dot', 'http://127.0.0.1./'],
    ['loopback, short', 'http://127.1/'],
    ['loopback, decimal', 'http://2130706433/'],
    ['loopback, octal', 'http://0177.0.0.1/'],
    ['loopback, octal in one', 'http://017700000001/'],
    ['loopback, hex', 'http://0x7f.0.0.1/'],
    ['loopback, hex in one', 'http://0x7f000001/'],
    ['loopback, mixed', 'http://0x7f.0.1/'],
    ['loopback, full width digits', 'http://１２７.０.０.１/'],
    ['loopback, percent', 'http://%31%32%37.0.0.1/'],
    ['loopback, circled', 'http://①②⑦.⓪.⓪.①/'],
    ['loopback, ideographic dots', 'http://127。0。0。1/'],
    ['unspecified', 'http://0.0.0.0/'],
    ['unspecified, short', 'http://0/'],
    ['private 10', 'http://10.1.2.3/'],
    ['private 10, decimal', 'http://167838211/'],
    ['private 172', 'http://172.16.0.1/'],
    ['the last of private 172', 'http://172.31.255.255/'],
    ['private 192', 'http://192.168.1.1/'],
    ['carriers’ own', 'http://100.64.0.1/'],
    ['Alibaba’s metadata', 'http://100.100.100.200/'],
    ['Azure’s wire server', 'http://168.63.129.16/'],
    ['Oracle’s metadata', 'http://192.0.0.192/'],
    ['metadata', 'http://169.254.169.254/latest/meta-data/'],
    ['metadata, decimal', 'http://2852039166/'],
    ['metadata, hex', 'http://0xa9fea9fe/'],
    ['metadata, octal', 'http://0251.0376.0251.0376/'],
    ['metadata by its name', 'http://metadata.google.internal/'],
    ['metadata by its name with a dot', 'http://metadata.google.internal./'],
    ['benchmarks', 'http://198.18.0.1/'],
    ['documentation', 'http://203.0.113.7/'],
    ['multicast', 'http://224.0.0.1/'],
    ['reserved', 'http://240.0.0.1/'],
    ['broadcast', 'http://255.255.255.255/'],
    ['IPv6 loopback', 'http://[::1]/'],
    ['IPv6 loopback, long', 'http://[0:0:0:0:0:0:0:1]/'],
    ['IPv6 unspecified', 'http://[::]/'],
    ['mapped loopback', 'http://[::ffff:127.0.0.1]/'],
    ['mapped loopback, hex', 'http://[::ffff:7f00:1]/'],
    ['mapped, a public one', 'http://[::ffff:8.8.8.8]/'],
    ['compatible loopback', 'http://[::127.0.0.1]/'],
    ['translated metadata', 'http://[64:ff9b::a9fe:a9fe]/'],
    ['6to4 of a private one', 'http://[2002:0a00:0001::1]/'],
    ['Teredo', 'http://[2001:0:a00:1::1]/'],
    ['unique local', 'http://[fd12:3456::1]/'],
    ['AWS’s metadata over IPv6', 'http://[fd00:ec2::254]/'],
    ['link-local', 'http://[fe80::1]/'],
    ['link-local with a zone', 'http://[fe80::1%25eth0]/'],
    ['site-local', 'http://[fec0::1]/'],
    ['multicast IPv6', 'http://[ff02::1]/'],
    ['documentation IPv6', 'http://[2001:db8::1]/'],
    ['a service of a cluster', 'http://web.shop.svc/'],
    ['a service of a cluster in full', 'http://web.shop.svc.cluster.local/'],
    ['our own port on a public address', 'http://8.8.8.8:4400/'],
  ])('%s: %s', (_, url) => {
    expect(() => targetOf(url, check, 'https://fairlead.example.com')).toThrow(TargetDenied);
  });
});

it.each([
  [
    'https://hooks.example.com/a/b?c=d',
    { secure: true, host: 'hooks.example.com', port: 443, authority: 'hooks.example.com', path: '/a/b?c=d' },
  ],
  [
    'http://Hooks.Example.com.:8080',
    { secure: false, host: 'hooks.example.com', port: 8080, authority: 'hooks.example.com:8080', path: '/' },
  ],
  ['https://8.8.8.8/', { secure: true, host: '8.8.8.8', port: 443, authority: '8.8.8.8', path: '/' }],
  ['http://172.32.0.1/', { secure: false, host: '172.32.0.1', port: 80, authority: '172.32.0.1', path: '/' }],
  ['https://[2606:4700::1]:8443/', { secure: true, host: '2606:4700::1', port: 8443, authority: '[2606:4700::1]:8443', path: '/' }],
])('takes %s', (url, target) => {
  expect(targetOf(url, check, 'https://fairlead.example.com')).toEqual(target);
});

describe('networks that the operator opened', () => {
  const opened = webhookAddresses(['10.20.0.0/16', '127.0.0.0/8', '169.254.0.0/16', 'fd12::/16'], never);
  it.each(['http://10.20.1.1/', 'http://127.0.0.1:8080/', 'http://localhost:8080/', 'http://[fd12::1]/'])('let %s pass', (url) => {
    expect(() => targetOf(url, opened)).not.toThrow();
  });
  it.each(['http://10.21.0.1/', 'http://127.0.0.1:4400/', 'http://169.254.169.254/', 'http://[fd13::1]/'])('still refuse %s', (url) => {
    expect(() => targetOf(url, opened)).toThrow(TargetDenied);
  });
});
