import { ambiguousParams, type CanonicalTarget, canonicalTarget, type RequestInfo, requestInfo } from '@fairlead/kube';

/** A request that is answered with 400 and goes nowhere. */
export class BadTarget extends Error {
  override readonly name = 'BadTarget';
}

export interface GatewayTarget {
  /** Name or id, as it stands in the path. */
  cluster: string;
  /** What is judged, audited and sent on, byte for byte. */
  target: CanonicalTarget;
  info: RequestInfo;
}

const clusterRef = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
/** What decides a verb, a scope or a size must have one reading. */
const decisive = [
  'watch',
  'fieldSelector',
  'labelSelector',
  'limit',
  'continue',
  'timeoutSeconds',
  'resourceVersion',
  'resourceVersionMatch',
  'follow',
  'container',
];
const credentialNames = /^(access[-_]?token|bearer[-_]?token|id[-_]?token|token|authorization|api[-_]?key|password)$/i;

/** `/k8s/<cluster>/<what the API server is asked>`. @throws TargetError, BadTarget */
export function kubectlTarget(method: string, url: string): GatewayTarget {
  const rest = url.startsWith('/k8s/') ? url.slice('/k8s/'.length) : '';
  const end = rest.search(/[/?]/);
  const cluster = end === -1 ? rest : rest.slice(0, end);
  if (!clusterRef.test(cluster)) throw new BadTarget('the path names no cluster: /k8s/<cluster>/…');
  const tail = end === -1 ? '/' : rest.slice(end);
  return read(method, cluster, tail.startsWith('/') ? tail : `/${tail}`);
}

const podSocket = /^\/api\/v1\/clusters\/([^/?]+)\/namespaces\/([^/?]+)\/pods\/([^/?]+)\/(exec|attach|log)(?:\?(.*))?$/;

export const isPodSocket = (url: string): boolean => podSocket.test(url);

/** The dashboard's sockets, as the API server's own request. @throws TargetError, BadTarget */
export function podSocketTarget(url: string): GatewayTarget {
  const [, cluster = '', namespace = '', pod = '', kind = '', query] = podSocket.exec(url) ?? [];
  if (!clusterRef.test(cluster)) throw new BadTarget('the path names no cluster');
  return read('GET', cluster, `/api/v1/namespaces/${namespace}/pods/${pod}/${kind}${query ? `?${query}` : ''}`);
}

function read(method: string, cluster: string, rawTarget: string): GatewayTarget {
  const target = canonicalTarget(rawTarget);
  if (target.params.size > 0) {
    const ambiguous = ambiguousParams(target.params, decisive);
    if (ambiguous.length > 0)
      throw new BadTarget(
        `the query has more than one reading: ${ambiguous.length === 1 ? decisiveName(ambiguous[0] ?? '') : 'several parameters'}`,
      );
    for (const key of target.params.keys()) if (credentialNames.test(key)) throw new BadTarget('credentials do not belong in a URL');
  }
  const info = requestInfo(method, { path: target.decodedPath, params: target.params });
  if (info.isResourceRequest && info.parts.length > 3 && info.subresource !== 'proxy')
    throw new BadTarget('the path goes on after a subresource');
  return { cluster, target, info };
}

const decisiveName = (key: string): string => decisive.find((known) => known.toLowerCase() === key.toLowerCase()) ?? '';

/** `/api/v1/watch/…` and `/api/v1/proxy/…`: forms that the API server has deprecated and that nobody is given. */
export const isLegacyVerbPath = ({ segments }: CanonicalTarget): boolean => {
  const first = segments[0] === 'api' ? segments[2] : segments[0] === 'apis' ? segments[3] : undefined;
  return first === 'watch' || first === 'proxy';
};
