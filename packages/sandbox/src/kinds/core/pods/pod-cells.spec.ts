import type { KubeObject } from '@fairlead/kube/protocol';
import { expect, test } from 'vitest';
import { podCells } from './pod-cells.js';

const now = Date.parse('2026-01-01T01:00:00Z');
const ago = (seconds: number): string => new Date(now - seconds * 1000).toISOString();

const running = { name: 'c', ready: true, restartCount: 0, state: { running: { startedAt: ago(60) } } };
const waiting = (reason: string, more: object = {}): object => ({ name: 'c', restartCount: 0, state: { waiting: { reason } }, ...more });
const ended = (terminated: object, name = 'c'): object => ({ name, restartCount: 0, state: { terminated } });
const failedAt = (seconds: number): object => ({ lastState: { terminated: { exitCode: 1, finishedAt: ago(seconds) } } });
const twoInits = { initContainers: [{ name: 'a' }, { name: 'b' }] };
const sidecar = { initContainers: [{ name: 'a', restartPolicy: 'Always' }, { name: 'b' }] };
const isReady = [{ type: 'Ready', status: 'True' }];

const row = (status: object, spec: object = {}, metadata: object = {}): string => {
  const pod: unknown = {
    metadata: { name: 'p', creationTimestamp: ago(90), ...metadata },
    spec: { containers: [{ name: 'c' }], ...spec },
    status,
  };
  return podCells(pod as KubeObject, now)
    .slice(1, 4)
    .join('  ');
};

test.each<[columns: string, status: object, spec?: object, metadata?: object]>([
  ['1/1  Running  0', { phase: 'Running', containerStatuses: [running], conditions: isReady }],
  ['0/1  Pending  0', { phase: 'Pending' }],
  ['0/1  ContainerCreating  0', { phase: 'Pending', containerStatuses: [waiting('ContainerCreating')] }],
  ['0/1  ImagePullBackOff  0', { phase: 'Pending', containerStatuses: [waiting('ImagePullBackOff')] }],
  ['1/1  Running  2 (5m ago)', { phase: 'Running', containerStatuses: [{ ...running, restartCount: 2, ...failedAt(300) }] }],
  [
    '0/1  CrashLoopBackOff  5 (10s ago)',
    { phase: 'Running', containerStatuses: [waiting('CrashLoopBackOff', { restartCount: 5, ...failedAt(10) })] },
  ],
  ['0/1  Completed  0', { phase: 'Succeeded', containerStatuses: [ended({ exitCode: 0, reason: 'Completed' })] }],
  ['0/1  Error  0', { phase: 'Failed', containerStatuses: [ended({ exitCode: 3, reason: 'Error' })] }],
  ['0/1  ExitCode:3  0', { phase: 'Failed', containerStatuses: [ended({ exitCode: 3 })] }],
  ['0/1  Signal:9  0', { phase: 'Failed', containerStatuses: [ended({ exitCode: 137, signal: 9 })] }],
  ['0/1  Evicted  0', { phase: 'Failed', reason: 'Evicted' }],
  ['0/1  Init:0/2  0', { phase: 'Pending', initContainerStatuses: [{ name: 'a', state: { running: {} } }] }, twoInits],
  [
    '0/1  Init:CrashLoopBackOff  3 (30s ago)',
    {
      phase: 'Pending',
      initContainerStatuses: [ended({ exitCode: 0 }, 'a'), waiting('CrashLoopBackOff', { name: 'b', restartCount: 3, ...failedAt(30) })],
    },
    twoInits,
  ],
  ['0/1  Init:Error  0', { phase: 'Pending', initContainerStatuses: [ended({ exitCode: 1, reason: 'Error' }, 'a')] }, twoInits],
  ['0/1  Init:ExitCode:1  0', { phase: 'Pending', initContainerStatuses: [ended({ exitCode: 1 }, 'a')] }, twoInits],
  ['0/1  Init:Signal:15  0', { phase: 'Pending', initContainerStatuses: [ended({ exitCode: 1, signal: 15 }, 'a')] }, twoInits],
  [
    '0/1  PodInitializing  0',
    {
      phase: 'Pending',
      initContainerStatuses: [ended({ exitCode: 0 }, 'a'), ended({ exitCode: 0 }, 'b')],
      containerStatuses: [waiting('PodInitializing')],
    },
    twoInits,
  ],
  [
    '2/2  Running  0',
    {
      phase: 'Running',
      initContainerStatuses: [{ ...running, name: 'a', started: true }, ended({ exitCode: 0 }, 'b')],
      containerStatuses: [running],
      conditions: isReady,
    },
    sidecar,
  ],
  ['0/1  SchedulingGated  0', { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }] }],
  ['1/1  Terminating  0', { phase: 'Running', containerStatuses: [running] }, {}, { deletionTimestamp: ago(1) }],
  ['1/1  Unknown  0', { phase: 'Running', reason: 'NodeLost', containerStatuses: [running] }, {}, { deletionTimestamp: ago(1) }],
])('%s', (columns, status, spec, metadata) => expect(row(status, spec, metadata)).toBe(columns));
