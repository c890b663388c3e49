import type { KubeObject } from '@fairlead/kube';
import { describe, expect, it } from 'vitest';
import { quotaObstacles, type Sized, withDefaultsOf } from './quotas.js';

const quota = (hard: Record<string, string>, used: Record<string, string> = {}): KubeObject => ({
  metadata: { name: 'team' },
  spec: { hard },
  status: { used },
});
const pod = (cpu: string, memory = '64Mi'): KubeObject => ({
  metadata: { name: 'p' },
  spec: { containers: [{ resources: { requests: { cpu, memory }, limits: { memory } } }] },
});
const sized = (replicas: number, cpu = '100m', more: Partial<Sized> = {}): Sized => ({
  title: 'Deployment/web',
  wanted: { replicas, pod: pod(cpu) },
  live: null,
  surge: 0,
  ...more,
});

describe('quotas', () => {
  it.each<[string, KubeObject, Sized, string | null]>([
    ['room for all', quota({ pods: '5' }, { pods: '2' }), sized(3), null],
    ['one pod too many', quota({ pods: '5' }, { pods: '3' }), sized(3), 'blocks'],
    ['counted by another name', quota({ 'count/pods': '2' }), sized(3), 'blocks'],
    ['CPU of all replicas', quota({ 'requests.cpu': '1' }, { 'requests.cpu': '800m' }), sized(3), 'blocks'],
    ['CPU by its short name', quota({ cpu: '250m' }), sized(3), 'blocks'],
    ['memory limits', quota({ 'limits.memory': '128Mi' }), sized(3), 'blocks'],
    [
      'what lives already counts once',
      quota({ pods: '3' }, { pods: '3' }),
      sized(3, '100m', { live: { replicas: 3, pod: pod('100m') } }),
      null,
    ],
    ['fewer than now', quota({ pods: '3' }, { pods: '5' }), sized(3, '100m', { live: { replicas: 5, pod: pod('100m') } }), null],
    [
      'no room for the surge',
      quota({ pods: '3' }, { pods: '3' }),
      sized(3, '100m', { live: { replicas: 3, pod: pod('100m') }, surge: 1 }),
      'warns',
    ],
    ['something else', quota({ 'count/secrets': '0' }), sized(3), null],
  ])('%s', (_, quotas, workload, severity) => {
    expect(quotaObstacles([quotas], [workload]).map((each) => each.severity)).toEqual(severity ? [severity] : []);
  });

  it('says how much there is, is used, and is asked', () => {
    expect(quotaObstacles([quota({ 'requests.memory': '128Mi' }, { 'requests.memory': '64Mi' })], [sized(3)])[0]?.reason).toBe(
      'the quota team has 128Mi of requests.memory, 64Mi of it used: 192Mi more do not fit',
    );
  });

  it('leaves quotas with scopes to the cluster', () => {
    const scoped = { ...quota({ pods: '0' }), spec: { hard: { pods: '0' }, scopes: ['BestEffort'] } };
    expect(quotaObstacles([scoped], [sized(3)])).toEqual([]);
  });
});

it('counts what a limit range gave to the pods that live', () => {
  const bare = { metadata: { name: 'p' }, spec: { containers: [{ name: 'a' }] } };
  const made = { metadata: { name: 'p' }, spec: { containers: [{ name: 'a', resources: { requests: { cpu: '100m' } } }] } };
  const live = { replicas: 3, pod: withDefaultsOf(bare, made, bare) };
  const workload = { title: 'Deployment/web', wanted: { replicas: 3, pod: made }, live, surge: 0 };
  expect(quotaObstacles([quota({ 'requests.cpu': '300m' }, { 'requests.cpu': '300m' })], [workload])).toEqual([]);
});
