/** An image's name in full: `docker.io/library/nginx:1.27`. */
export interface ImageReference {
  host: string;
  /** `library/nginx` */
  repository: string;
  tag: string;
  digest: string;
  /** Host, repository, and tag or digest. */
  canonical: string;
}

const component = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;

/** Reads an image's name as containerd does; a string says what is wrong with it. */
export function imageReference(image: string): ImageReference | string {
  const [named = '', digest = ''] = image.split('@');
  const slash = named.indexOf('/');
  const first = slash === -1 ? '' : named.slice(0, slash);
  const isHost = first === 'localhost' || /[.:]/.test(first) || /[A-Z]/.test(first);
  const rest = isHost ? named.slice(slash + 1) : named;
  const [path = '', tag = '', ...more] = rest.split(':');
  const repository = isHost || path.includes('/') ? path : `library/${path}`;
  if (repository !== repository.toLowerCase()) return `invalid reference format: repository name (${repository}) must be lowercase`;
  const isTag = /^[\w][\w.-]{0,127}$/.test(tag);
  if (more.length > 0 || !repository.split('/').every((part) => component.test(part)) || (rest.includes(':') && !isTag))
    return 'invalid reference format';
  if (image.includes('@') && !/^sha256:[0-9a-f]{64}$/.test(digest)) return 'invalid reference format';
  const host = isHost ? first : 'docker.io';
  const shown = tag === '' && digest === '' ? 'latest' : tag;
  const canonical = `${host}/${repository}${shown ? `:${shown}` : ''}${digest ? `@${digest}` : ''}`;
  return { host, repository, tag: shown, digest, canonical };
}
