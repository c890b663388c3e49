import { describe, expect, it } from 'vitest';
import type { ApiError } from '../../machinery/api-error.js';
import { decodeProtobuf } from './decode.js';

// A writer as small as the tests need: `bytes(1, 'x')` is field 1, `number(2, 3)` is field 2.
const varint = (value: number): number[] => (value < 0x80 ? [value] : [(value % 0x80) | 0x80, ...varint(Math.floor(value / 0x80))]);
const bytes = (field: number, ...content: (string | Buffer)[]): Buffer => {
  const body = Buffer.concat(content.map((each) => (typeof each === 'string' ? Buffer.from(each) : each)));
  return Buffer.concat([Buffer.from([...varint(field * 8 + 2), ...varint(body.length)]), body]);
};
const number = (field: number, value: number): Buffer => Buffer.from([...varint(field * 8), ...varint(value)]);
const sent = (apiVersion: string, kind: string, ...object: Buffer[]): Buffer =>
  Buffer.concat([Buffer.from('k8s\0'), bytes(1, bytes(1, apiVersion), bytes(2, kind)), bytes(2, ...object)]);
const named = bytes(1, bytes(1, 'x'), bytes(2, ''), bytes(8), bytes(11, bytes(1, 'a'), bytes(2, 'b')));
const metadata = { name: 'x', labels: { a: 'b' } };

describe('protobuf', () => {
  it.each([
    [
      'maps',
      sent('v1', 'ConfigMap', named, bytes(2, bytes(1, 'k'), bytes(2, 'v')), bytes(3, bytes(1, 'k'), bytes(2, 'v'))),
      { data: { k: 'v' }, binaryData: { k: 'dg==' } },
    ],
    ['a pointer to nothing', sent('v1', 'ConfigMap', named, number(4, 0)), { immutable: false }],
    [
      'numbers, texts and what may be either',
      sent(
        'v1',
        'Service',
        named,
        bytes(2, bytes(1, bytes(1, ''), bytes(2, 'TCP'), number(3, 80), bytes(4, number(1, 1), bytes(3, 'web')), number(5, 0))),
      ),
      { spec: { ports: [{ protocol: 'TCP', port: 80, targetPort: 'web' }] } },
    ],
    [
      'fields that stand in their parent',
      sent('v1', 'Pod', named, bytes(2, bytes(1, bytes(1, 'v'), bytes(2, bytes(2))))),
      { spec: { volumes: [{ name: 'v', emptyDir: {} }] } },
    ],
    ['another group', sent('apps/v1', 'Deployment', named, bytes(2, number(1, 0))), { spec: { replicas: 0 } }],
    [
      'a quantity',
      sent('v1', 'ResourceQuota', named, bytes(2, bytes(1, bytes(1, 'pods'), bytes(2, bytes(1, '3'))))),
      { spec: { hard: { pods: '3' } } },
    ],
    [
      'extra values',
      sent('authentication.k8s.io/v1', 'SelfSubjectReview', named, bytes(2, bytes(1, bytes(4, bytes(1, 'k'), bytes(2, bytes(1, 'v')))))),
      { status: { userInfo: { extra: { k: ['v'] } } } },
    ],
  ])('reads %s', (_, body, expected) => {
    const { apiVersion: __, kind: ___, ...object } = decodeProtobuf(body);
    expect(object).toEqual({ metadata, ...expected });
  });

  it('reads the options of a deletion in any group', () => {
    expect(decodeProtobuf(sent('apps/v1', 'DeleteOptions', number(1, 0), bytes(4, 'Orphan')))).toMatchObject({
      gracePeriodSeconds: 0,
      propagationPolicy: 'Orphan',
    });
  });

  it.each([
    ['rubbish', Buffer.from('rubbish'), 'it does not begin with k8s'],
    ['a kind that nobody knows', sent('v1', 'Nothing'), 'no kind "Nothing" is registered'],
    ['a broken end', sent('v1', 'Pod', named).subarray(0, -3), 'unexpected end'],
  ])('refuses %s', (_, body, message) => {
    try {
      decodeProtobuf(body);
      throw new Error('was not refused');
    } catch (error) {
      expect((error as ApiError).status).toMatchObject({ code: 400, message: expect.stringContaining(message) });
    }
  });
});
