import { describe, expect, it } from 'vitest';
import {
  counted,
  formatAbsolute,
  formatAgo,
  formatBytes,
  formatClock,
  formatCompact,
  formatCores,
  formatCount,
  formatDuration,
  middle,
} from './format';

describe('numbers', () => {
  it.each([
    [0, '0'],
    [20_100, '20,100'],
    [null, '–'],
    [Number.NaN, '–'],
  ])('counts %s as %s', (value, text) => expect(formatCount(value)).toBe(text));
  it('names what it counts', () => {
    expect(counted(1, 'app')).toBe('1 app');
    expect(counted(0, 'app')).toBe('0 apps');
    expect(counted(2, 'entry', 'entries')).toBe('2 entries');
  });
  it('is compact on tiles', () => expect(formatCompact(20_100)).toBe('20.1 k'));
  it('says cores and binary bytes', () => {
    expect(formatCores(0.25)).toBe('0.25 cores');
    expect(formatCores(1)).toBe('1 core');
    expect(formatBytes(512 * 1024 * 1024)).toBe('512 MiB');
    expect(formatBytes(1536)).toBe('1.5 KiB');
    expect(formatBytes(0)).toBe('0 B');
    expect(formatBytes(undefined)).toBe('–');
  });
});

describe('times', () => {
  it.each([
    [41, '41 ms'],
    [2300, '2.3 s'],
    [42_000, '42 s'],
    [252_000, '4 min 12 s'],
    [240_000, '4 min'],
    [3 * 86_400_000 + 4 * 3_600_000, '3 d 4 h'],
    [null, '–'],
  ])('%s ms lasts %s', (ms, text) => expect(formatDuration(ms)).toBe(text));

  it.each([
    [0, 'now'],
    [4000, '4 s ago'],
    [180_000, '3 min ago'],
    [7_200_000, '2 h ago'],
    [-7_200_000, 'in 2 h'],
    [3 * 86_400_000, '3 d ago'],
  ])('%s ms is %s', (ms, text) => expect(formatAgo(1_000_000_000_000 - ms, 1_000_000_000_000)).toBe(text));

  it('writes absolute times to the millisecond with their zone', () => {
    expect(formatAbsolute('2026-11-24T14:02:11.482Z', 'utc', true)).toBe('24 Nov 2026, 14:02:11.482 UTC');
    expect(formatClock('2026-11-24T14:02:11.482Z', 'utc', Date.parse('2026-11-24T20:00:00Z'))).toBe('14:02:11');
    expect(formatClock('2026-11-23T14:02:11.482Z', 'utc', Date.parse('2026-11-24T20:00:00Z'), true)).toBe('23 Nov 14:02:11.482');
    expect(formatAbsolute('nonsense')).toBe('–');
  });

  it('cuts long names in the middle', () => {
    expect(middle('web-7d9f8c6b5-x2x9z', 12)).toBe('web-7d…x2x9z');
    expect(middle('web', 12)).toBe('web');
  });
});
