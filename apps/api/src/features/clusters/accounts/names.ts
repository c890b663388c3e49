import { type Role, roles } from '@fairlead/shared';
import { peopleNamespace } from '../../access/index.js';

/** Raised whenever the set of objects changes; a cluster with a lower number asks its administrator to register it again. */
export const ACCOUNTS_VERSION = 1;

export const systemNamespace = 'fairlead-system';
export { peopleNamespace };

export const mintedAccounts = ['impersonator', 'keeper', 'observer'] as const;
export type MintedAccount = (typeof mintedAccounts)[number];
export const minter = 'minter';
export const minterSecret = 'minter-token';

export const serviceAccountUser = (name: string): string => `system:serviceaccount:${systemNamespace}:${name}`;

/** Labels that Fairlead keeps on a project's namespace. The keeper may set and remove them, never change them. */
export const projectLabel = 'fairlead.dev/project';
export const projectIdLabel = 'fairlead.dev/project-id';
/** Set only when the keeper makes the namespace; without it the keeper cannot delete it. */
export const createdLabel = 'fairlead.dev/created';

export const managedBy = { 'app.kubernetes.io/managed-by': 'fairlead' } as const;

export const clusterRoleOf = (role: Role): string => `fairlead:${role}`;
export const bindingNameOf = (role: Role): string => `fairlead-${role}`;
export const bindingNames: readonly string[] = roles.map(bindingNameOf);

/** Namespaces that belong to the cluster or to Fairlead itself, and to no project. */
export const isSystemNamespace = (name: string): boolean => name === 'default' || name.startsWith('kube-') || name.startsWith('fairlead-');

/** The CEL form of `isSystemNamespace`, over an expression that gives a name. */
export const systemNamespaceCel = (name: string): string =>
  `(${name} == 'default' || ${name}.startsWith('kube-') || ${name}.startsWith('fairlead-'))`;
