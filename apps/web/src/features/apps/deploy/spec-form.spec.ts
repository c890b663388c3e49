import type { ImageSpec } from '@fairlead/shared';
import { describe, expect, it } from 'vitest';
import { deriveName, freeName } from './derive-name';
import { readEnvText } from './env-text';
import { emptySpecForm, readRest, readSecrets, readSpec, writeSpec } from './spec-form';
import { joinWords, splitWords } from './words';

describe('the name from an image', () => {
  it.each([
    ['nginx', 'nginx'],
    ['nginx:1.14.2', 'nginx'],
    ['ghcr.io/shop/My_App:2.9', 'my-app'],
    ['registry.example.com:5000/team/api@sha256:abc', 'api'],
    ['library/7zip', 'zip'],
    ['', ''],
    [':::', ''],
  ])('%s → %s', (image, name) => expect(deriveName(image)).toBe(name));
});

it('a name that is taken gets a number', () => {
  expect(freeName('nginx', ['nginx', 'nginx-2'])).toBe('nginx-3');
  expect(freeName('web', ['nginx'])).toBe('web');
  expect(freeName('', [''])).toBe('');
});

describe('a command as words', () => {
  it.each([
    ['sh -c "echo hi"', ['sh', '-c', 'echo hi']],
    ["printf 'a b' ''", ['printf', 'a b', '']],
    ['a\\ b', ['a b']],
    ['  ', []],
    ['"say \\"x\\""', ['say "x"']],
  ])('%s', (text, words) => expect(splitWords(text)).toEqual(words));
  it('reads back what it writes', () => {
    const words = ['sh', '-c', `while true; do echo "it's"; done`, '', 'a\\b'];
    expect(splitWords(joinWords(words))).toEqual(words);
  });
});

describe('pasted environment', () => {
  it('takes lines, comments and quotes', () => {
    expect(readEnvText('# db\nexport DB_URL="postgres://x?a=b"\n\nDEBUG=1')).toEqual([
      { name: 'DB_URL', value: 'postgres://x?a=b' },
      { name: 'DEBUG', value: '1' },
    ]);
  });
  it('leaves other text alone', () => expect(readEnvText('just words')).toBeNull());
});

describe('a spec in a form', () => {
  it('begins with the smallest spec', () => {
    expect(readSpec(emptySpecForm(' nginx '))).toEqual({
      kind: 'image',
      image: 'nginx',
      imagePullPolicy: 'IfNotPresent',
      replicas: 1,
      env: [],
      resources: {},
      hardened: false,
    });
  });
  it('gives back the spec it was made from', () => {
    const spec: ImageSpec = {
      kind: 'image',
      image: 'app:2',
      imagePullPolicy: 'Always',
      replicas: 3,
      port: 8080,
      host: 'web.example.com',
      env: [{ name: 'A', value: '1' }],
      resources: { cpu: '100m', memoryLimit: '1Gi' },
      healthPath: '/ready',
      hardened: true,
      command: ['sh', '-c', 'exec app'],
      args: ['--fast'],
    };
    expect(readSpec(writeSpec(spec))).toEqual(spec);
  });
  it('keeps what it has no field for', () => {
    const spec: ImageSpec = {
      kind: 'image',
      image: 'app:2',
      imagePullPolicy: 'IfNotPresent',
      replicas: 2,
      env: [],
      resources: { cpu: '100m', memory: '64Mi' },
      hardened: false,
      autoscaling: { minReplicas: 2, maxReplicas: 6, cpuPercent: 60, memoryPercent: 80 },
      files: [{ path: '/etc/app.conf', content: 'a = 1' }],
      schedule: undefined,
      disruption: { maxUnavailable: 1 },
    };
    expect(readSpec(writeSpec(spec))).toEqual({ ...spec, schedule: undefined });
    expect(JSON.parse(writeSpec(spec).rest)).toEqual({ disruption: { maxUnavailable: 1 } });
    expect(writeSpec(spec).files).toEqual([{ key: 0, path: '/etc/app.conf', content: 'a = 1' }]);
  });
  it('has fields for a schedule, keeps what else stands of it, and drops it as a whole', () => {
    const spec: ImageSpec = {
      kind: 'image',
      image: 'app:2',
      imagePullPolicy: 'IfNotPresent',
      replicas: 1,
      env: [],
      resources: {},
      hardened: false,
      schedule: { cron: '0 3 * * *', timeZone: 'Europe/Berlin', suspended: false, overlap: 'Replace', retries: 2, keep: 3 },
    };
    const form = writeSpec(spec);
    expect(form).toMatchObject({ cron: '0 3 * * *', timeZone: 'Europe/Berlin' });
    expect(readSpec(form)).toEqual(spec);
    expect(readSpec({ ...form, cron: '', timeZone: '' }).schedule).toBeUndefined();
    expect(readSpec({ ...emptySpecForm('a'), cron: '@daily' }).schedule).toEqual({ cron: '@daily' });
    expect(readSpec({ ...emptySpecForm('a'), rest: '{"schedule":{"cron":"@hourly"}}' }).schedule).toEqual({ cron: '@hourly' });
  });
  it('gives secrets beside the spec, and leaves those that stand alone', () => {
    const secrets = [
      { key: 1, name: ' A ', value: 'x', path: '' },
      { key: 2, name: 'k', value: '', path: '/k' },
      { key: 3, name: '', value: '', path: '' },
    ];
    expect(readSecrets({ ...emptySpecForm('a'), secrets })).toEqual({
      ownSecrets: [
        { name: 'A', env: true },
        { name: 'k', env: false, path: '/k' },
      ],
      secretValues: { A: 'x' },
    });
    expect(readSecrets(emptySpecForm('a'))).toEqual({});
    const stands: ImageSpec = {
      ...(readSpec(emptySpecForm('a')) as ImageSpec),
      ownSecrets: [{ name: 'A', env: true, hash: 'a'.repeat(24) }],
    };
    expect(readSpec(writeSpec(stands))).not.toHaveProperty('ownSecrets');
    expect(writeSpec(stands).rest).toBe('');
  });
  it('says when the other fields are no JSON', () => {
    expect(readRest('{')).toBeNull();
    expect(readRest('[]')).toBeNull();
    expect(readRest(' ')).toEqual({});
    expect(readSpec({ ...emptySpecForm('a'), rest: '{' })).toHaveProperty('rest', '{');
  });
});
