/** The tag that a runtime would ask for: `latest` where neither a tag nor a digest is named. */
export function imageTag(image: string): string {
  const [name = '', digest] = image.split('@');
  const tag = /:([\w][\w.-]{0,127})$/.exec(name.slice(name.lastIndexOf('/') + 1))?.[1];
  if (tag !== undefined) return tag;
  return digest === undefined && name !== '' ? 'latest' : '';
}
