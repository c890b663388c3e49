import type { AppPort } from '@fairlead/shared';
import { expect, it } from 'vitest';
import { openableLines, targetWords } from './openable';

const port = (kind: 'service' | 'pod', name: string, number: number, named: string | null = null, http = true): AppPort => ({
  target: { kind, name, port: number },
  name: named,
  http,
});

it('tells a Service’s ports one by one, and those of pods once for all that have them', () => {
  const lines = openableLines([
    port('service', 'web', 80, 'http'),
    port('service', 'web', 9090, 'metrics'),
    port('pod', 'web-1', 8080, 'http'),
    port('pod', 'web-2', 8080, 'http'),
    port('pod', 'web-2', 53, 'dns', false),
  ]);
  expect(lines.map(({ of, port, name, targets }) => [of, port, name, targets.length])).toEqual([
    ['Service web', 80, 'http', 1],
    ['Service web', 9090, 'metrics', 1],
    ['2 pods', 8080, 'http', 2],
    ['1 pod', 53, 'dns', 1],
  ]);
});

it('the same number by TCP and UDP is two ports', () => {
  expect(openableLines([port('service', 'dns', 53), port('service', 'dns', 53, null, false)]).map(({ http }) => http)).toEqual([
    true,
    false,
  ]);
});

it('names a target', () => {
  expect(targetWords({ kind: 'pod', name: 'web-1', port: 80 })).toBe('Pod web-1, port 80');
});
