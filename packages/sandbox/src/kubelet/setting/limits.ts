import { toBytes, toCores } from '@fairlead/kube/protocol';
import type { Container } from '../pod.js';

export const memoryLimitOf = ({ resources }: Container): number | undefined =>
  resources?.limits?.memory === undefined ? undefined : toBytes(resources.limits.memory);

export const cpuLimitOf = ({ resources }: Container): number | undefined =>
  resources?.limits?.cpu === undefined ? undefined : toCores(resources.limits.cpu);
