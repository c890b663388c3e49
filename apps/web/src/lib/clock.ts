/** The server's clock as seen from here: a browser's may be minutes off. */
let offsetMs = 0;

/** `Date` headers are cut to the second, so only a difference above two seconds says anything. */
export function noteServerTime(value: string | null, now = Date.now()): void {
  const at = value ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(at)) return;
  offsetMs = Math.abs(at - now) > 2000 ? at - now : 0;
}

export const serverNow = (): number => Date.now() + offsetMs;
