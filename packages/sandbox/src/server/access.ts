import type { X509Certificate } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { RequestInfo } from '@fairlead/kube/protocol';
import type { UserInfo } from '../machinery/user.js';

/** What a request shows of its sender. */
export interface Credentials {
  headers: IncomingHttpHeaders;
  /** The same with every line by itself: a group may hold a comma. */
  headerLines: Readonly<Record<string, readonly string[] | undefined>>;
  /** Verified against the sandbox's own authority. */
  certificate?: X509Certificate;
  /** One was shown that the authority did not sign. */
  foreignCertificate: boolean;
}

/** authorizer.Attributes, so far as a request line gives them. */
export type Attributes = Pick<
  RequestInfo,
  'isResourceRequest' | 'verb' | 'path' | 'apiGroup' | 'apiVersion' | 'namespace' | 'resource' | 'subresource' | 'name'
> & { fieldSelector?: string; labelSelector?: string };

/** Who may pass the door. */
export interface Access {
  /** With impersonation resolved (and its rights asked). Throws ApiError: 401, 403. */
  authenticate(credentials: Credentials): UserInfo;
  authorize(user: UserInfo, attributes: Attributes): { allowed: boolean; reason: string };
}
