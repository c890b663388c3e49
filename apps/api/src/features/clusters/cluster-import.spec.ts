import { expect, it } from 'vitest';
import { clusterName } from './cluster-import.js';

it.each([
  ['alpha', 'alpha'],
  ['kind-dev', 'kind-dev'],
  ['Admin@Prod.Example.Com', 'admin-prod-example-com'],
  ['arn:aws:eks:eu-west-1:123:cluster/prod', 'arn-aws-eks-eu-west-1-123-cluster-prod'],
  ['--x--', 'x'],
  ['漢字', 'cluster'],
  [`${'a'.repeat(62)}-b`, 'a'.repeat(62)],
])('the context %s becomes the cluster %s', (context, name) => {
  expect(clusterName(context)).toBe(name);
});
