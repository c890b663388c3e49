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
