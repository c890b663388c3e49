import { describe, expect, it } from 'vitest';
import { LineReader, stampMs } from './line-reader';

const bytes = (text: string) => new TextEncoder().encode(text).buffer;

describe('LineReader', () => {
  it('splits times from text', () => {
    expect(new LineReader().read(bytes('2026-11-24T00:00:01.123456789Z hello\n2026-11-24T00:00:02Z \nno time\n'))).toEqual([
      { stamp: '2026-11-24T00:00:01.123456789Z', text: 'hello' },
      { stamp: '2026-11-24T00:00:02Z', text: '' },
      { stamp: null, text: 'no time' },
    ]);
  });
  it('joins a line and a character cut anywhere', () => {
    const all = new TextEncoder().encode('häuser\r\nzwei\n');
    const reader = new LineReader();
    const lines = [...all].flatMap((byte) => reader.read(new Uint8Array([byte]).buffer));
    expect(lines.map(({ text }) => text)).toEqual(['häuser', 'zwei']);
  });
  it('gives the last line when the stream ends without one', () => {
    const reader = new LineReader();
    expect(reader.read('a\nb')).toHaveLength(1);
    expect(reader.end()).toEqual([{ stamp: null, text: 'b' }]);
    expect(reader.end()).toEqual([]);
  });
  it('reads nanoseconds to the millisecond', () => {
    expect(stampMs('2026-11-24T00:00:01.123999999Z')).toBe(Date.parse('2026-11-24T00:00:01.123Z'));
  });
});
