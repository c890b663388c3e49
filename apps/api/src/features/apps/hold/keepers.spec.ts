import type { KubeObject } from '@fairlead/kube';
import { describe, expect, it } from 'vitest';
import { keepersOf } from './keepers.js';

const object = (metadata: Partial<KubeObject['metadata']>): KubeObject => ({ kind: 'Deployment', metadata: { name: 'web', ...metadata } });
const flux = { 'kustomize.toolkit.fluxcd.io/name': 'apps', 'kustomize.toolkit.fluxcd.io/namespace': 'gitops' };

describe('who else keeps an object', () => {
  it.each<[string, Partial<KubeObject['metadata']>, [string, string | null][]]>([
    ['nobody', {}, []],
    [
      'Argo CD by its tracking id',
      { annotations: { 'argocd.argoproj.io/tracking-id': 'shop:apps/Deployment:ns/web' } },
      [['Argo CD application shop', 'argocd app set shop --sync-policy none']],
    ],
    [
      'Argo CD by its field manager',
      { managedFields: [{ manager: 'argocd-controller' }], labels: { 'app.kubernetes.io/instance': 'shop' } },
      [['Argo CD application shop', 'argocd app set shop --sync-policy none']],
    ],
    ['a Flux kustomization', { labels: flux }, [['Flux kustomization gitops/apps', 'flux suspend kustomization apps -n gitops']]],
    [
      'a Flux Helm release, which is not Helm by hand',
      {
        labels: { 'helm.toolkit.fluxcd.io/name': 'web', 'helm.toolkit.fluxcd.io/namespace': 'ns' },
        annotations: { 'meta.helm.sh/release-name': 'web' },
      },
      [['Flux Helm release ns/web', 'flux suspend helmrelease web -n ns']],
    ],
    ['Helm, which does nothing by itself', { annotations: { 'meta.helm.sh/release-name': 'shop' } }, [['Helm release shop', null]]],
    [
      'one whose name is no plain word',
      { labels: { 'argocd.argoproj.io/instance': 'a; rm -rf' } },
      [['Argo CD application a; rm -rf', 'argocd app set APPLICATION --sync-policy none']],
    ],
  ])('%s', (_, metadata, expected) => {
    expect(keepersOf([object(metadata), object(metadata)]).map(({ name, pause }) => [name, pause])).toEqual(expected);
  });
});
