import { podSocketPath as contract } from '@fairlead/shared';
import { expect, it } from 'vitest';
import { podSocketPath } from './pod-socket';

it('is the same address as the contract gives', () => {
  const at = { cluster: 'a b', namespace: 'ü', pod: 'x/y' };
  const query: [string, string][] = [
    ['command', 'sh'],
    ['command', '-c a&b'],
  ];
  expect(podSocketPath(at, 'exec', query)).toBe(contract(at, 'exec', query));
});
