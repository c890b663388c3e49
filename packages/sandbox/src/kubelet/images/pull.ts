import type { Image } from './images.js';
import { imageOf, isOfficial } from './images.js';
import { type ImageReference, imageReference } from './reference.js';
import { mayBeTag } from './tags.js';

export type Pull =
  | { is: 'there'; image: Image; reference: ImageReference; milliseconds: number; bytes: number }
  | { is: 'refused'; message: string }
  | { is: 'no name'; message: string };

/** Tags and names that no registry has: how a missing image is ordered. */
const missing =
  /^(non-?existent|missing|does-?not-?exist|no-?such-?(tag|image|version)?|not-?(here|there|found)|nope|invalid|broken|typo|wrong|v?9{2,}(\.9+)*)$/;

/**
 * What comes of pulling this image. Anything plausible is there; a tag or a name such as `nonexistent` or `missing` is not, nor one that an
 * official image cannot have had; a host that begins with `private.` asks for a pull secret; one below `.invalid` has no address.
 */
export function pullOf(image: string, hasSecretFor: (host: string) => boolean): Pull {
  const reference = imageReference(image);
  if (typeof reference === 'string')
    return { is: 'no name', message: `Failed to apply default image tag "${image}": couldn't parse image name "${image}": ${reference}` };
  const { host, repository, tag, canonical } = reference;
  const name = repository.split('/').pop() ?? '';
  if (host.endsWith('.invalid')) return { is: 'refused', message: unresolvable(reference) };
  if (host.startsWith('private.') && !hasSecretFor(host)) return { is: 'refused', message: unauthorized(reference) };
  if (missing.test(tag) || missing.test(name) || (isOfficial(reference) && tag !== '' && !mayBeTag(tag)))
    return { is: 'refused', message: notFound(reference) };
  const made = imageOf(reference);
  const bytes = made.megabytes * 1_000_000 + (hashOf(canonical) % 900_000);
  return { is: 'there', image: made, reference, milliseconds: 400 + made.megabytes * 8 + (hashOf(canonical) % 400), bytes };
}

const head = ({ canonical }: ImageReference): string =>
  `failed to pull and unpack image "${canonical}": failed to resolve reference "${canonical}":`;

export const notFound = (reference: ImageReference): string =>
  `rpc error: code = NotFound desc = ${head(reference)} ${reference.canonical}: not found`;

export function unauthorized(reference: ImageReference): string {
  const { host, repository } = reference;
  const scope = encodeURIComponent(`repository:${repository}:pull`);
  return `${head(reference)} failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://${host}/token?scope=${scope}&service=${host}: 401 Unauthorized`;
}

const unresolvable = (reference: ImageReference): string =>
  `${head(reference)} failed to do request: Head "https://${reference.host}/v2/${reference.repository}/manifests/${reference.tag}": dial tcp: lookup ${reference.host}: no such host`;

/** FNV-1a: a number that belongs to a text. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}
