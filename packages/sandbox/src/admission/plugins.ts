import type { AdmissionPlugin } from './admission.js';
import { defaultTolerationSeconds } from './default-tolerations.js';
import { limitRanger } from './limit-ranger.js';
import { namespaceLifecycle } from './namespace-lifecycle.js';
import { podSecurity } from './pod-security/pod-security.js';
import { validatingAdmissionPolicy } from './policy/validating-admission-policy.js';
import { priority } from './priority.js';
import { resourceQuota } from './quota/resource-quota.js';
import { serviceAccount } from './service-account.js';
import { defaultIngressClass, defaultStorageClass, persistentVolumeClaimResize, storageObjectInUseProtection } from './storage.js';

/** In the API server's order. A quota is charged last, when nothing else can refuse. */
export const admissionPlugins = (): readonly AdmissionPlugin[] => [
  namespaceLifecycle,
  limitRanger,
  serviceAccount,
  podSecurity,
  priority,
  defaultTolerationSeconds,
  defaultStorageClass,
  storageObjectInUseProtection,
  persistentVolumeClaimResize,
  defaultIngressClass,
  validatingAdmissionPolicy,
  resourceQuota,
];
