import { KubeError } from '@fairlead/kube';
import { expect, it } from 'vitest';
import { withoutValue } from './without-value.js';

const refusal = (message: string, cause: string) =>
  new KubeError({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason: 'Invalid',
    details: { name: 'web-a', causes: [{ field: 'data', message: cause }] },
    code: 422,
  });

it.each([
  ['as it is', 'hunter2"x', 'hunter2"x is weak'],
  ['in base64', 'hunter2"x', `${Buffer.from('hunter2"x').toString('base64')} is weak`],
  ['in JSON', 'hunter2"x', 'hunter2\\"x is weak'],
])('takes a value out of what a webhook says of it, %s', (_, value, said) => {
  const { status } = withoutValue(refusal(said, said), value);
  expect(status).toMatchObject({
    message: '••• is weak',
    reason: 'Invalid',
    details: { name: 'web-a', causes: [{ field: 'data', message: '••• is weak' }] },
  });
});

it('leaves the words alone where there is no value', () => {
  expect(withoutValue(refusal('full', 'full'), '').status.message).toBe('full');
});
