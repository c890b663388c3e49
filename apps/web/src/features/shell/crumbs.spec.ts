import { expect, it } from 'vitest';
import { crumbsOf } from './crumbs';

const labels = (path: string) => crumbsOf(path).map((crumb) => crumb.label);

it.each([
  ['/', ['Overview']],
  ['/projects', ['Projects']],
  ['/projects/shop/apps/web', ['Projects', 'shop', 'Apps', 'web']],
  ['/projects/audit/apps/new', ['Projects', 'audit', 'Apps', 'New']],
  ['/projects/shop/apps/logs/logs', ['Projects', 'shop', 'Apps', 'logs', 'Logs']],
  ['/clusters/prod', ['Clusters', 'prod']],
  ['/settings/users', ['Users']],
])('%s', (path, wanted) => expect(labels(path)).toEqual(wanted));
