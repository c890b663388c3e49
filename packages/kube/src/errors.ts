import type { Status, StatusDetails } from './status.js';

/** The API server answered, and the answer is no. `status` is its own metav1.Status. */
export class KubeError extends Error {
  override readonly name = 'KubeError';

  constructor(readonly status: Status) {
    super(status.message);
  }

  get code(): number {
    return this.status.code;
  }

  get reason(): string {
    return this.status.reason;
  }

  get details(): StatusDetails | undefined {
    return this.status.details;
  }
}

export type UnreachableCause =
  | 'connection refused'
  | 'connection reset'
  | 'timeout'
  | 'certificate not trusted'
  | 'not a TLS server'
  | 'name not found'
  | 'no route'
  | 'address not allowed'
  | 'answer too large'
  | 'malformed answer'
  | 'credential not available'
  | 'connection failed';

/** No answer that can be used. Says why in a word; never a URL, an address or a header. */
export class ClusterUnreachable extends Error {
  override readonly name = 'ClusterUnreachable';

  constructor(
    readonly why: UnreachableCause,
    options?: ErrorOptions,
  ) {
    super(`the cluster cannot be reached: ${why}`, options);
  }
}

/** Thrown by an address policy (ClusterConnection.checkAddress) to forbid a dial. */
export class AddressDenied extends Error {
  override readonly name = 'AddressDenied';
  readonly code = 'ADDRESS_DENIED';
}

const causes: Readonly<Record<string, UnreachableCause>> = {
  ADDRESS_DENIED: 'address not allowed',
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EPIPE: 'connection reset',
  UND_ERR_SOCKET: 'connection reset',
  UND_ERR_CLOSED: 'connection reset',
  UND_ERR_DESTROYED: 'connection reset',
  ERR_HTTP2_STREAM_ERROR: 'connection reset',
  ERR_HTTP2_SESSION_ERROR: 'connection reset',
  ERR_HTTP2_GOAWAY_SESSION: 'connection reset',
  ERR_STREAM_PREMATURE_CLOSE: 'connection reset',
  UND_ERR_ABORTED: 'connection reset',
  UND_ERR_INFO: 'connection reset',
  ETIMEDOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  ENOTFOUND: 'name not found',
  EAI_AGAIN: 'name not found',
  EHOSTUNREACH: 'no route',
  ENETUNREACH: 'no route',
  EADDRNOTAVAIL: 'no route',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'certificate not trusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'certificate not trusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificate not trusted',
  UNABLE_TO_GET_ISSUER_CERT: 'certificate not trusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'certificate not trusted',
  CERT_HAS_EXPIRED: 'certificate not trusted',
  CERT_NOT_YET_VALID: 'certificate not trusted',
  CERT_SIGNATURE_FAILURE: 'certificate not trusted',
  CERT_UNTRUSTED: 'certificate not trusted',
  CERT_REVOKED: 'certificate not trusted',
  INVALID_CA: 'certificate not trusted',
  INVALID_PURPOSE: 'certificate not trusted',
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificate not trusted',
  EPROTO: 'not a TLS server',
};

/** Turns a transport failure of Node or undici into ClusterUnreachable; the original stays as `cause`. */
export function toUnreachable(error: unknown): ClusterUnreachable {
  if (error instanceof ClusterUnreachable) return error;
  return new ClusterUnreachable(findCause(error, 0), { cause: error });
}

function findCause(error: unknown, depth: number): UnreachableCause {
  if (!(error instanceof Error) || depth > 4) return 'connection failed';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  // Several addresses were tried: the first failure speaks for all.
  if (error instanceof AggregateError && error.errors.length > 0) return findCause(error.errors[0], depth + 1);
  const known = causes[code];
  if (known) return known;
  if (code.startsWith('ERR_SSL')) return 'not a TLS server';
  if (code.startsWith('ERR_HTTP2')) return 'connection reset';
  return error.cause === undefined ? 'connection failed' : findCause(error.cause, depth + 1);
}
