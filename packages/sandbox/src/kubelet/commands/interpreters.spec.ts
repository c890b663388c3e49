import { describe, expect, it } from 'vitest';
import { nodeCluster } from '../../../test/kubelet/node-cluster.js';
import { pi } from './interpreters.js';

it('π', () => {
  expect(pi(30)).toBe('3.141592653589793238462643383279');
});

describe("the textbook's containers", () => {
  it.each([
    ['pi', { image: 'perl:5.34', command: ['perl', '-Mbignum=bpi', '-wle', 'print bpi(20)'] }, 'Succeeded', '3.1415926535897932384\n'],
    ['python', { image: 'python:3', command: ['python3', '-c', 'print("hello")'] }, 'Succeeded', 'hello\n'],
    ['node', { image: 'node:20', command: ['node', '-e', "console.log('bye'); process.exit(2)"] }, 'Failed', 'bye\n'],
    ['an interpreter without a script', { image: 'python:3' }, 'Succeeded', ''],
    ['a shell without a terminal', { image: 'ubuntu' }, 'Succeeded', ''],
    ['liveness', { image: 'busybox', args: ['/bin/sh', '-c', 'touch /tmp/healthy; sleep 5; rm -f /tmp/healthy'] }, 'Succeeded', ''],
  ])('%s', (_, container, phase, log) => {
    const cluster = nodeCluster();
    cluster.run('p', container, { restartPolicy: 'Never' });
    cluster.clock.advance(20_000);
    expect(cluster.pod('p').status?.phase).toBe(phase);
    expect(cluster.log('p')).toBe(log);
    cluster.stop();
  });

  it('stress is killed beyond its limit, and lives within', () => {
    const cluster = nodeCluster();
    const args = ['--vm', '1', '--vm-bytes', '150M', '--vm-hang', '1'];
    cluster.run(
      'dies',
      { image: 'polinux/stress', command: ['stress'], args, resources: { limits: { memory: '100Mi' } } },
      { restartPolicy: 'Never' },
    );
    cluster.run(
      'lives',
      { image: 'polinux/stress', command: ['stress'], args, resources: { limits: { memory: '200Mi' } } },
      { restartPolicy: 'Never' },
    );
    cluster.clock.advance(20_000);
    expect(cluster.pod('dies').status?.containerStatuses?.[0]?.state.terminated).toMatchObject({ exitCode: 137, reason: 'OOMKilled' });
    expect(cluster.pod('lives').status?.phase).toBe('Running');
    cluster.stop();
  });
});
