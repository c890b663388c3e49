import type { AppRow, AppStatus } from '@fairlead/shared';
import { describe, expect, it } from 'vitest';
import { appRef } from '@/lib/app-ref';
import { settled } from './settled';

const status = (asked: boolean): AppStatus => ({
  state: 'serving',
  cause: null,
  replicas: { wanted: 3, total: 3, updated: 3, ready: 3 },
  rollout: null,
  address: null,
  internalAddress: null,
  images: [],
  drift: [],
  asked,
});
const row = (revision: number, revisionState: AppRow['revisionState'], told: AppStatus | null): AppRow => ({
  key: 'a',
  name: 'web',
  project: 'shop',
  projectId: 'p',
  cluster: 'prod',
  clusterId: 'c',
  namespace: 'shop',
  revision,
  revisionState,
  changedAt: '',
  changedBy: 'ana',
  status: told,
  rollout: null,
});

describe('settled', () => {
  it.each([
    ['nothing told', undefined, false],
    ['an older revision', row(4, 'applied', status(false)), false],
    ['not yet applied', row(5, 'applying', status(false)), false],
    ['applied, the cluster has not answered', row(5, 'applied', status(true)), false],
    ['applied, the cluster was never heard', row(5, 'applied', null), false],
    ['applied and answered', row(5, 'applied', status(false)), true],
    ['refused', row(5, 'failed', status(true)), true],
    ['a newer one is there', row(6, 'applied', status(false)), true],
  ])('%s', (_, told, expected) => {
    expect(settled(told, 5)).toBe(expected);
  });
});

describe('appRef', () => {
  const web = { key: '1', name: 'web', projectId: 'p' };
  it('is the name when that is enough', () => expect(appRef(web, [web, { key: '2', name: 'api', projectId: 'p' }])).toBe('web'));
  it('is the id when the name is there twice', () => expect(appRef(web, [web, { key: '2', name: 'web', projectId: 'p' }])).toBe('1'));
  it('is the id of an app called like a page', () => expect(appRef({ key: '3', name: 'new', projectId: 'p' }, [])).toBe('3'));
});
