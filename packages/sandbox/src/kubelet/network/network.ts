/** A request as a pretend web server sees it. */
export interface WebRequest {
  method: string;
  /** With its query. */
  path: string;
  host: string;
  agent: string;
  /** The address that it comes from, for access logs. */
  from: string;
  body?: Buffer;
}

export interface WebAnswer {
  code: number;
  headers: Readonly<Record<string, string>>;
  body: Buffer;
  /** Before the first byte. */
  delayMs?: number;
}

/** What a connection attempt meets. */
export type Reached =
  | { is: 'unknown host' }
  | { is: 'unreachable'; address: string }
  | { is: 'refused'; address: string }
  /** Something listens that does not speak HTTP. */
  | { is: 'open'; address: string; speaks: 'other' }
  | { is: 'open'; address: string; speaks: 'http'; ask(request: WebRequest): WebAnswer };

/** The cluster's network as a pod sees it. */
export interface Network {
  /** The addresses of a name; undefined for a name that nobody knows. */
  resolve(host: string): { name: string; addresses: readonly string[] } | undefined;
  reach(host: string, port: number): Reached;
}
