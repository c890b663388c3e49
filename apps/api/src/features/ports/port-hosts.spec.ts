import { describe, expect, it } from 'vitest';
import { labelOf, newLabel, portsSite } from './port-hosts.js';

const label = `p-${'a'.repeat(20)}`;

describe('where ports are opened', () => {
  it.each([
    ['http://127.0.0.1:4400', null, 'http:', '.localhost:4400'],
    ['http://localhost:4400', null, 'http:', '.localhost:4400'],
    ['https://[::1]:4400', null, 'https:', '.localhost:4400'],
    ['https://fairlead.example.com', 'ports.example.net', 'https:', '.ports.example.net'],
    ['https://fairlead.example.com:8443', 'ports.example.net', 'https:', '.ports.example.net:8443'],
  ])('%s with %s', (publicUrl, portsHost, scheme, suffix) => {
    expect(portsSite(publicUrl, portsHost)).toEqual({ available: true, scheme, suffix });
  });

  it('elsewhere than on loopback says what must be set', () => {
    expect(portsSite('https://fairlead.example.com', null)).toMatchObject({
      available: false,
      reason: expect.stringContaining('FAIRLEAD_PORTS_HOST'),
    });
  });
});

describe('a Host header', () => {
  const site = portsSite('http://127.0.0.1:4400', null);
  it.each([
    [`${label}.localhost:4400`, label],
    [`${label.toUpperCase()}.LOCALHOST:4400`, label],
    [`${label}.localhost`, null],
    [`${label}.localhost:4401`, null],
    [`x.${label}.localhost:4400`, null],
    ['localhost:4400', null],
    ['127.0.0.1:4400', null],
    ['p-short.localhost:4400', null],
    [`${label}.localhost:4400.example.com`, null],
    [undefined, null],
    [null, null],
  ])('%s', (host, wanted) => {
    expect(labelOf(site, host)).toBe(wanted);
  });

  it('is nobody’s where no port can be opened', () => {
    expect(labelOf(portsSite('https://fairlead.example.com', null), `${label}.localhost:4400`)).toBeNull();
  });

  it('a new one is read again', () => {
    const made = newLabel(Uint8Array.from({ length: 20 }, (_, i) => i * 13));
    expect(labelOf(site, `${made}.localhost:4400`)).toBe(made);
  });
});
