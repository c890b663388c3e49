import { describe, expect, it } from 'vitest';
import { proposedHost, type RouteFacts } from './proposed-host.js';

const none: RouteFacts = {
  ownHosts: [],
  taken: new Set(),
  addresses: [],
  onThisMachine: false,
  classes: [{ name: 'nginx', isDefault: true }],
};

const host = (facts: Partial<RouteFacts>) => proposedHost('web', 'shop', { ...none, ...facts }).host;

describe('a name for a new app', () => {
  it.each<[string, Partial<RouteFacts>, string | null]>([
    ['nothing known', {}, null],
    ['beside the others', { ownHosts: ['api.shop.example.com'] }, 'web.shop.example.com'],
    ['where most are', { ownHosts: ['a.one.com', 'a.two.com', 'b.two.com'] }, 'web.two.com'],
    ['a domain by itself is none', { ownHosts: ['example.com', '*.example.com'] }, null],
    ['the next number where it is taken', { ownHosts: ['a.b.com'], taken: new Set(['web.b.com', 'web-2.b.com']) }, 'web-3.b.com'],
    ['an address that names can hold', { addresses: ['203.0.113.7'] }, 'web.shop.203-0-113-7.sslip.io'],
    ['this machine, by the routes', { addresses: ['127.0.0.1'] }, 'web.shop.localhost'],
    ['this machine, by the API', { onThisMachine: true }, 'web.shop.localhost'],
    ['routes elsewhere than the API', { onThisMachine: true, addresses: ['203.0.113.7'] }, 'web.shop.203-0-113-7.sslip.io'],
    ['addresses of another kind', { addresses: ['2001:db8::1', 'lb.cloud.example'] }, null],
    ['nobody who would serve it', { ownHosts: ['a.b.com'], classes: [] }, null],
    ['a domain too long', { ownHosts: [`a.${'x.'.repeat(124)}com`] }, null],
  ])('%s', (_name, facts, wanted) => expect(host(facts)).toBe(wanted));

  it.each<[string, RouteFacts['classes'], string | null]>([
    [
      'a default',
      [
        { name: 'a', isDefault: false },
        { name: 'b', isDefault: true },
      ],
      null,
    ],
    [
      'no default',
      [
        { name: 'a', isDefault: false },
        { name: 'b', isDefault: false },
      ],
      'a',
    ],
    ['not known', null, null],
  ])('names a class where it must: %s', (_name, classes, wanted) =>
    expect(proposedHost('web', 'shop', { ...none, ownHosts: ['a.b.com'], classes }).ingressClass).toBe(wanted),
  );
});
