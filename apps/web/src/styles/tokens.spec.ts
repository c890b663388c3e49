import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

type Theme = 'light' | 'dark';
type Lch = [l: number, c: number, h: number];

const css = readFileSync(fileURLToPath(new URL('./tokens.css', import.meta.url)), 'utf8');
const tokens = new Map<string, Record<Theme, Lch>>();
for (const [, name, light, dark] of css.matchAll(/--([\w-]+): light-dark\(oklch\(([\d. ]+)\), oklch\(([\d. ]+)\)\);/g)) {
  if (name && light && dark) tokens.set(name, { light: lch(light), dark: lch(dark) });
}

function lch(text: string): Lch {
  const [l = 0, c = 0, h = 0] = text.trim().split(/\s+/).map(Number);
  return [l, c, h];
}

/** OKLCH to linear sRGB, by Björn Ottosson's matrices. */
function linear([l, c, h]: Lch): [number, number, number] {
  const a = c * Math.cos((h * Math.PI) / 180);
  const b = c * Math.sin((h * Math.PI) / 180);
  const long = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const medium = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (l - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
    -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
    -0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short,
  ];
}

function luminance(colour: Lch): number {
  const [r, g, b] = linear(colour).map((v) => Math.min(1, Math.max(0, v))) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string, theme: Theme): number {
  const a = tokens.get(one)?.[theme];
  const b = tokens.get(other)?.[theme];
  if (!a || !b) throw new Error(`no token ${one} or ${other}`);
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

const themes: Theme[] = ['light', 'dark'];
const tones = ['ok', 'busy', 'warn', 'bad', 'idle', 'stale'];
const grounds = ['bg', 'surface', 'hover'];

describe.each(themes)('contrast in the %s theme', (theme) => {
  it.each(['text', 'muted', 'link', ...tones])('%s is readable on page, panel and hovered row', (name) => {
    for (const ground of grounds) expect(contrast(name, ground, theme)).toBeGreaterThanOrEqual(4.5);
  });
  it.each(['edge', 'focus', ...tones.map((t) => `${t}-solid`)])('%s can be seen on page and panel', (name) => {
    for (const ground of ['bg', 'surface']) expect(contrast(name, ground, theme)).toBeGreaterThanOrEqual(3);
  });
  it.each(tones)('%s and text are readable on the tint', (tone) => {
    expect(contrast(tone, `${tone}-tint`, theme)).toBeGreaterThanOrEqual(4.5);
    expect(contrast('text', `${tone}-tint`, theme)).toBeGreaterThanOrEqual(4.5);
  });
  it('buttons, search hits and selections are readable', () => {
    expect(contrast('on-accent', 'accent', theme)).toBeGreaterThanOrEqual(4.5);
    expect(contrast('on-danger', 'danger', theme)).toBeGreaterThanOrEqual(4.5);
    expect(contrast('text', 'hit', theme)).toBeGreaterThanOrEqual(4.5);
    expect(contrast('text', 'selection', theme)).toBeGreaterThanOrEqual(4.5);
    for (let n = 1; n <= 8; n++) expect(contrast(`series-${n}`, 'surface', theme)).toBeGreaterThanOrEqual(3);
  });
});

it('every colour lies inside sRGB', () => {
  for (const [name, both] of tokens)
    for (const theme of themes)
      for (const value of linear(both[theme])) {
        expect(value, `${name} ${theme}`).toBeGreaterThan(-0.002);
        expect(value, `${name} ${theme}`).toBeLessThan(1.002);
      }
  expect(tokens.size).toBeGreaterThan(40);
});
