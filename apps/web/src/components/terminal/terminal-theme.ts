import type { ITheme } from '@xterm/xterm';

/** The terminal's colours, read from the page's tokens as they are now. */
export function readTheme(element: HTMLElement): ITheme {
  const probe = document.createElement('span');
  element.append(probe);
  const color = (token: string) => {
    probe.style.color = `var(--${token})`;
    return toHex(getComputedStyle(probe).color);
  };
  const theme: ITheme = {
    background: color('sunken'),
    foreground: color('text'),
    cursor: color('text'),
    cursorAccent: color('sunken'),
    selectionBackground: color('selection'),
    black: color('text'),
    red: color('ansi-red'),
    green: color('ansi-green'),
    yellow: color('ansi-yellow'),
    blue: color('ansi-blue'),
    magenta: color('ansi-magenta'),
    cyan: color('ansi-cyan'),
    white: color('ansi-white'),
    brightBlack: color('muted'),
    brightRed: color('ansi-red'),
    brightGreen: color('ansi-green'),
    brightYellow: color('ansi-yellow'),
    brightBlue: color('ansi-blue'),
    brightMagenta: color('ansi-magenta'),
    brightCyan: color('ansi-cyan'),
    brightWhite: color('text'),
  };
  probe.remove();
  return theme;
}

/** xterm reads hex only; a canvas turns every CSS colour into it. */
function toHex(css: string): string {
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  if (!context) return '#888888';
  context.fillStyle = css;
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
  return `#${[red, green, blue].map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}
