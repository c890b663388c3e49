import type { Caller } from '../auth/index.js';

export const peopleNamespace = 'fairlead-people';

/** The user name that a principal has in every cluster. The ServiceAccount need not exist, and nobody may make it. */
/** `ownOf`: the project whose own robot it is. */
interface Principal {
  kind: 'user' | 'robot';
  id: string;
  ownOf: string | null;
}

export const kubernetesUser = (principal: Principal): string =>
  `system:serviceaccount:${peopleNamespace}:${kubernetesSubjectName(principal)}`;

/** Its ServiceAccount name: the subject of the RoleBindings that Fairlead keeps. */
export const kubernetesSubjectName = ({ kind, id, ownOf }: Principal): string => `${kind === 'user' ? 'u' : ownOf ? 'p' : 'r'}-${id}`;

/** Impersonation of a caller: always exactly one group. The extra holds the id of the token or session, and nothing that changes by request. */
export function impersonationOf(caller: Caller): { user: string; groups: string[]; extra: Record<string, string[]> } {
  return { user: kubernetesUser(caller), groups: ['system:authenticated'], extra: { 'fairlead.dev/token': [caller.credential.id] } };
}
