/**
 * Whether a kept connection was closed by the other side just as this request went out on it (RFC 9112, 9.3.1): a request that only
 * reads and has no body may then be sent once more, on another connection. `reused`: it had carried a request before.
 */
export const closedMeanwhile = (reused: boolean, error: Error): boolean =>
  reused && 'code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
