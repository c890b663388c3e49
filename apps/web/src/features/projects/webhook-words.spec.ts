import { webhookEvents } from '@fairlead/shared';
import { expect, it } from 'vitest';
import { allEvents, eventsOf, hostOf, resultOf } from './webhook-words';

it('every event of the contract can be chosen, in its order', () => {
  expect(allEvents).toEqual(webhookEvents);
});

it('of a URL the host is shown', () => {
  expect(hostOf('https://hooks.example.com:8443/T00/key?k=v')).toBe('hooks.example.com:8443');
});

it('all events are everything', () => {
  expect([eventsOf({ events: allEvents }), eventsOf({ events: ['drift.found'] })]).toEqual(['everything', 'drift.found']);
});

it.each([
  ['delivered', 204, null, 'Delivered: it answered 204'],
  ['failed', 500, 'it answered 500', 'Not delivered: it answered 500'],
  ['pending', null, 'the connection was refused', 'Not delivered: the connection was refused'],
  ['pending', null, null, 'It waits for its turn'],
] as const)('a try that ended %s with %s says what came of it', (state, lastStatus, lastError, words) => {
  expect(resultOf({ state, lastStatus, lastError })).toBe(words);
});
