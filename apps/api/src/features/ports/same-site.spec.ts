import { expect, it } from 'vitest';
import { comesFromElsewhere } from './same-site.js';

const own = 'http://p-a.localhost:4400';
const led = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };

it.each([
  ['a script without any', 'GET', {}, false],
  ['its own page', 'POST', { origin: own, 'sec-fetch-site': 'same-origin' }, false],
  ['its own page that hides its referrer', 'POST', { origin: 'null', 'sec-fetch-site': 'same-origin' }, false],
  ['an address typed in', 'GET', { ...led, 'sec-fetch-site': 'none' }, false],
  ['a link on Fairlead’s page', 'GET', { ...led, 'sec-fetch-site': 'cross-site' }, false],
  ['a form on another site', 'POST', { ...led, 'sec-fetch-site': 'cross-site' }, true],
  ['a frame on another site', 'GET', { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe', 'sec-fetch-site': 'cross-site' }, true],
  [
    'a script on another opened port',
    'GET',
    { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'script', 'sec-fetch-site': 'same-site' },
    true,
  ],
  ['a socket from another opened port', 'GET', { origin: 'http://p-b.localhost:4400' }, true],
  ['an origin that is nobody’s, and no word of the site', 'POST', { origin: 'null' }, true],
])('%s', (_, method, headers, elsewhere) => {
  expect(comesFromElsewhere(headers, method, own)).toBe(elsewhere);
});
