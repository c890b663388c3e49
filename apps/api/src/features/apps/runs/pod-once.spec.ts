import { AppSpec } from '@fairlead/shared';
import { describe, expect, it } from 'vitest';
import { renderManifests } from '../render/manifests.js';
import { type Claims, type Once, podOnce } from './pod-once.js';
import { jobName, runJob } from './run-job.js';

const app = {
  id: '0198c0de-0000-7000-8000-000000000001',
  name: 'web',
  namespace: 'shop',
  project: { id: '0198c0de-0000-7000-8000-00000000000a' },
};
const none: Claims = { modes: new Map(), held: true };
const once = (fields: object, wish: Partial<Once> = {}, claims = none) => {
  const pod = podOnce(renderManifests(app, AppSpec.parse({ image: 'shop/web:1', ...fields })), { kind: 'to-end', ...wish }, claims);
  if (!pod) throw new Error('no pod');
  const [container] = pod.spec.containers as Record<string, unknown>[];
  return { ...pod, own: container ?? {} };
};

describe('a pod that runs once', () => {
  it("has the app's own setting, and nothing that serves", () => {
    const { own, spec } = once({
      port: 8080,
      healthPath: '/ready',
      env: [{ name: 'MODE', value: 'shop' }],
      secrets: [{ secret: 'db' }],
      files: [{ path: '/etc/app.yaml', content: 'a: 1' }],
      hardened: true,
      replicas: 3,
    });
    expect(own).toMatchObject({
      image: 'shop/web:1',
      env: [{ name: 'MODE', value: 'shop' }],
      envFrom: [{ secretRef: { name: 'db' } }],
      securityContext: { allowPrivilegeEscalation: false, runAsNonRoot: true, readOnlyRootFilesystem: true },
      volumeMounts: [{ mountPath: '/tmp' }, { mountPath: '/etc/app.yaml' }],
    });
    for (const field of ['readinessProbe', 'livenessProbe', 'startupProbe', 'lifecycle', 'ports', 'stdin', 'tty'])
      expect(own).not.toHaveProperty(field);
    expect(spec).toMatchObject({ restartPolicy: 'Never', automountServiceAccountToken: false, securityContext: { runAsNonRoot: true } });
    expect(spec).not.toHaveProperty('topologySpreadConstraints');
  });

  it.each([
    ['its own words', {}, ['serve'], ['--fast']],
    ['other arguments', { args: ['--once'] }, ['serve'], ['--once']],
    ['another command', { command: ['migrate'] }, ['migrate'], null],
    ['both', { command: ['migrate'], args: ['up'] }, ['migrate'], ['up']],
  ])('runs %s', (_, wish, command, args) => {
    const pod = once({ command: ['serve'], args: ['--fast'] }, wish);
    expect([pod.command, pod.args]).toEqual([command, args]);
  });

  it('of another image, and with a terminal and a shell where it is interactive', () => {
    expect(once({ command: ['serve'] }, { kind: 'interactive', image: 'tools:2' }).own).toMatchObject({
      image: 'tools:2',
      stdin: true,
      tty: true,
      command: ['sh', '-c', expect.stringContaining('exec sh')],
    });
  });

  it.each([
    ['held by its pods', true, ['ReadWriteOnce'], ['Without the volume data: the pods of the app hold it.']],
    ['of one pod', true, ['ReadWriteOncePod'], ['Without the volume data: the pods of the app hold it.']],
    ['gone', true, null, ['Without the volume data: its claim is not there.']],
    ['shared', true, ['ReadWriteMany'], []],
    ['of an app that sleeps', false, ['ReadWriteOnce'], []],
  ])('takes a volume that allows it: %s', (_, held, modes, notes) => {
    const claims = { held, modes: new Map(modes ? [['web-data', modes]] : []) };
    const pod = once({ volumes: [{ name: 'data', mountPath: '/data', size: '1Gi' }] }, {}, claims);
    expect(pod.notes).toEqual(notes);
    expect((pod.own.volumeMounts as unknown[]).length).toBe(notes.length > 0 ? 0 : 1);
  });

  it('leaves companions and what they are told out', () => {
    const yaml = JSON.stringify({
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name: 'web' },
      spec: {
        template: {
          metadata: { labels: { app: 'web' }, annotations: { 'prometheus.io/scrape': 'true', team: 'a' } },
          spec: {
            initContainers: [
              { name: 'prepare', image: 'a' },
              { name: 'proxy', image: 'b', restartPolicy: 'Always' },
            ],
            containers: [
              { name: 'main', image: 'shop/web:1', volumeMounts: [{ name: 'own', mountPath: '/x' }] },
              { name: 'proxy', image: 'p' },
            ],
          },
        },
      },
    });
    const pod = podOnce(renderManifests(app, AppSpec.parse({ kind: 'manifests', yaml })), { kind: 'to-end' }, none);
    expect(pod).toMatchObject({
      annotations: { team: 'a' },
      container: 'main',
      spec: { initContainers: [{ name: 'prepare' }], containers: [{ name: 'main', volumeMounts: [] }] },
      notes: ['Without the volume own: each pod of the app has one of its own.', 'Without proxy: only the first container runs.'],
    });
  });
});

describe('its Job', () => {
  const owner = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid: 'u' };
  it('carries none of the labels and marks by which the app is known', () => {
    const job = runJob(
      app,
      { id: 'r', job: 'web-run-1', kind: 'to-end', deadlineSeconds: 60, reachesAsApp: false },
      once({ port: 80 }),
      owner,
    );
    expect(JSON.stringify(job)).not.toMatch(/fairlead\.dev\/app|app\.kubernetes\.io\/(name|instance)/);
    expect(job).toMatchObject({
      metadata: { labels: { 'fairlead.dev/run': 'r' }, ownerReferences: [owner] },
      spec: { backoffLimit: 0, activeDeadlineSeconds: 60, ttlSecondsAfterFinished: 3600 },
    });
  });

  it('is let through where the app is, and selected by nothing of the app', () => {
    const run = { id: 'r', job: 'web-run-1', kind: 'to-end', deadlineSeconds: 60, reachesAsApp: true } as const;
    const { metadata } = runJob(app, run, once({ port: 80 }), owner);
    expect(metadata.labels).toMatchObject({ 'fairlead.dev/app': 'web' });
    for (const { kind, spec } of renderManifests(app, AppSpec.parse({ image: 'a', port: 80, replicas: 2 }))) {
      const selector = (spec as { selector?: { matchLabels?: object } }).selector;
      const wanted = Object.entries(selector?.matchLabels ?? selector ?? {});
      expect(
        wanted.every(([key, value]) => metadata.labels?.[key] === value),
        kind,
      ).toBe(wanted.length === 0);
    }
  });

  it('has a name that fits', () => {
    expect(jobName('web', 'x7k2p')).toBe('web-run-x7k2p');
    expect(jobName(`a${'-b'.repeat(31)}`, 'x7k2p').length).toBeLessThanOrEqual(63);
  });
});
