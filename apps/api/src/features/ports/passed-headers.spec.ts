import { describe, expect, it } from 'vitest';
import { headersFromApp, headersToApp, hostOnlyCookie, withoutOwnCookies } from './passed-headers.js';

const way = { host: 'p-a.localhost:4400', scheme: 'http:', sourceAddress: '10.0.0.9' } as const;
const pairs = (flat: string[]) => Object.fromEntries(flat.flatMap((name, i) => (i % 2 === 0 ? [[name.toLowerCase(), flat[i + 1]]] : [])));

describe('to the app', () => {
  it('goes what is the app’s, and who is before it is said by us alone', () => {
    const raw = ['Host', 'evil', 'Accept', '*/*', 'X-Forwarded-For', '1.1.1.1', 'X-Real-IP', '1.1.1.1', 'Forwarded', 'for=1.1.1.1'];
    expect(pairs(headersToApp(raw, way, false))).toEqual({
      host: 'p-a.localhost:4400',
      accept: '*/*',
      'x-forwarded-for': '10.0.0.9',
      'x-forwarded-host': 'p-a.localhost:4400',
      'x-forwarded-proto': 'http',
    });
  });

  it('nothing goes that is between two hops, or that Connection names', () => {
    const raw = [
      'Connection',
      'close, X-Secret',
      'X-Secret',
      '1',
      'TE',
      'trailers',
      'Upgrade',
      'h2c',
      'Proxy-Authorization',
      'x',
      'Expect',
      '100-continue',
    ];
    expect(Object.keys(pairs(headersToApp(raw, way, false)))).toEqual(['host', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto']);
  });

  it('a body without a length keeps being one', () => {
    expect(pairs(headersToApp(['Transfer-Encoding', 'chunked'], way, false))['transfer-encoding']).toBe('chunked');
  });

  it.each([
    ['fairlead=a; theme=dark; fairlead-port=b', 'theme=dark'],
    ['__Host-fairlead=a; __Host-fairlead-port=b', ''],
    ['__Secure-Fairlead-port=b;fairleads=1', 'fairleads=1'],
    ['a=1;b=2', 'a=1; b=2'],
  ])('of the cookies %s', (given, passed) => {
    expect(withoutOwnCookies(given)).toBe(passed);
  });

  it.each([
    ['Bearer flt_abc', undefined],
    ['Bearer app-token', 'Bearer app-token'],
    ['Basic dTpw', 'Basic dTpw'],
  ])('Authorization: %s', (given, passed) => {
    expect(pairs(headersToApp(['Authorization', given], way, false)).authorization).toBe(passed);
  });
});

describe('from the app', () => {
  it.each([
    ['sid=1; Domain=localhost; Path=/; HttpOnly', 'sid=1; Path=/; HttpOnly'],
    ['sid=1;domain=.example.com', 'sid=1'],
    ['sid=1; Domain', 'sid=1'],
    ['sid=Domain=x; Path=/', 'sid=Domain=x; Path=/'],
    ['fairlead=1; Path=/', ''],
    ['__Host-fairlead-port=1; Path=/', ''],
  ])('the cookie %s', (given, kept) => {
    expect(hostOnlyCookie(given)).toBe(kept);
  });

  it('comes nothing that reaches beyond its host name', () => {
    const raw = [
      'Strict-Transport-Security',
      'max-age=1',
      'Clear-Site-Data',
      '"cookies"',
      'Alt-Svc',
      'h3=":1"',
      'Connection',
      'close',
      'X-App',
      '1',
    ];
    expect(headersFromApp(raw)).toEqual(['X-App', '1']);
  });

  it('two cookies stay two', () => {
    expect(headersFromApp(['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2; Domain=x'])).toEqual(['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2']);
  });
});
