import { expect, it } from 'vitest';
import { readProtobufReview } from './protobuf-review.js';

const field = (number: number, value: string | Buffer) => {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.of((number << 3) | 2, bytes.length), bytes]);
};
const review = (kind: string, raw: Buffer, apiVersion = 'authorization.k8s.io/v1') =>
  Buffer.concat([
    Buffer.from('k8s\0'),
    field(1, Buffer.concat([field(1, apiVersion), field(2, kind)])),
    field(2, raw),
    field(3, ''),
    field(4, ''),
  ]);
const asked = Buffer.concat([field(1, 'shop'), field(2, 'get'), field(5, 'pods'), field(6, 'log')]);
const access = (attributes: Buffer) => Buffer.concat([field(1, ''), field(2, field(1, attributes)), field(3, '')]);

it('reads what kubectl asks', () => {
  expect(readProtobufReview(review('SelfSubjectAccessReview', access(asked)))).toEqual({
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes: { namespace: 'shop', verb: 'get', resource: 'pods', subresource: 'log' } },
  });
  expect(readProtobufReview(review('SelfSubjectRulesReview', Buffer.concat([field(1, ''), field(2, field(1, 'shop'))])))).toMatchObject({
    spec: { namespace: 'shop' },
  });
});

it.each([
  ['no envelope', Buffer.from('{"kind":"SelfSubjectAccessReview"}')],
  ['another kind', review('SubjectAccessReview', access(asked))],
  ['a kind of every object', review('constructor', access(asked))],
  ['another version', review('SelfSubjectAccessReview', access(asked), 'authorization.k8s.io/v2')],
  ['a field twice', review('SelfSubjectAccessReview', access(Buffer.concat([asked, field(1, 'other')])))],
  ['an unknown field', review('SelfSubjectAccessReview', access(Buffer.concat([asked, field(9, 'x')])))],
  ['a number', review('SelfSubjectAccessReview', Buffer.from([0x08, 0x01]))],
  ['a length beyond the end', review('SelfSubjectAccessReview', Buffer.from([0x12, 0x7f, 0x00]))],
  ['an endless number', review('SelfSubjectAccessReview', Buffer.alloc(20, 0xff))],
  ['bytes that are no text', review('SelfSubjectAccessReview', access(field(1, Buffer.from([0xff, 0xfe]))))],
  ['nothing', Buffer.alloc(0)],
])('does not read %s', (_, body) => {
  expect(readProtobufReview(body)).toBeUndefined();
});
