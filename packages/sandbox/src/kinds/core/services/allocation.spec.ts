import { expect, test } from 'vitest';
import { kindsApi } from '../../../../test/kinds/kinds-api.js';

const service = (name: string, spec: object) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name },
  spec: { ports: [{ port: 80 }], ...spec },
});
const path = 'api/v1/namespaces/default/services';
const said = (...specs: object[]): unknown => {
  const kinds = kindsApi(path, false);
  const answers = specs.map((spec, index) => kinds.create(service(`s${index}`, spec)));
  const last = answers.at(-1);
  return last && 'object' in last ? last.object.spec : last?.message;
};
const nodePort = (port: number): object => ({ type: 'NodePort', ports: [{ port: 80, nodePort: port }] });

test.each<[specs: object[], message: string]>([
  [
    [{ clusterIP: '10.96.9.9' }, { clusterIP: '10.96.9.9' }],
    'Service "s1" is invalid: spec.clusterIPs: Invalid value: ["10.96.9.9"]: failed to allocate IP 10.96.9.9: provided IP is already allocated',
  ],
  [
    [{ clusterIP: '1.2.3.4' }],
    'Service "s0" is invalid: spec.clusterIPs: Invalid value: ["1.2.3.4"]: failed to allocate IP 1.2.3.4: the provided network does not match the current range',
  ],
  [
    [nodePort(30_999), nodePort(30_999)],
    'Service "s1" is invalid: spec.ports[0].nodePort: Invalid value: 30999: provided port is already allocated',
  ],
  [
    [nodePort(80)],
    'Service "s0" is invalid: spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range. The range of valid ports is 30000-32767',
  ],
])('%j', (specs, message) => expect(said(...specs)).toBe(message));

test('what nobody asked for is given', () => {
  expect(said({ type: 'NodePort' })).toMatchObject({
    clusterIP: expect.stringMatching(/^10\.96\.\d+\.\d+$/),
    ports: [{ nodePort: expect.toSatisfy((port: number) => port >= 30_000 && port <= 32_767) }],
  });
  expect(said({ clusterIP: 'None' })).toMatchObject({ clusterIP: 'None', clusterIPs: ['None'] });
});

test('what was taken away is free again', () => {
  const kinds = kindsApi(path, false);
  kinds.create(service('a', { clusterIP: '10.96.9.9' }));
  kinds.api.delete('services', 'default', 'a');
  expect(kinds.create(service('b', { clusterIP: '10.96.9.9' }))).toMatchObject({ object: { spec: { clusterIP: '10.96.9.9' } } });
});
