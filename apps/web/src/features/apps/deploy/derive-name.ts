/** A name for an app from its image: "ghcr.io/shop/My_App:2.9" → "my-app". Empty when nothing usable is left. */
export function deriveName(image: string): string {
  const path = image.trim().split('@')[0] ?? '';
  const last = path.split('/').at(-1) ?? '';
  return (last.split(':')[0] ?? '')
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, 52)
    .replace(/-+$/, '');
}

/** The name, or with the first number behind it that makes it free: "nginx-2". */
export function freeName(name: string, taken: readonly string[]): string {
  if (name === '' || !taken.includes(name)) return name;
  for (let number = 2; ; number++) {
    const next = `${name.slice(0, 48)}-${number}`;
    if (!taken.includes(next)) return next;
  }
}
