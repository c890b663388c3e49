import { describe, expect, it } from 'vitest';
import { fieldErrorMessage } from '../../machinery/field-error.js';
import type { OpenApiSchema } from '../../schema/open-api.js';
import { listTypeProblems, schemaProblems } from './schema-problems.js';
import { applyDefaults, prune } from './structural-defaults.js';

const text = { type: 'string' };
const ab = { type: 'object', properties: { a: text, b: text } };
const properties: Record<string, OpenApiSchema> = {
  size: { type: 'integer', minimum: 1, maximum: 5 },
  ex: { type: 'number', minimum: 1, exclusiveMinimum: true, maximum: 5, exclusiveMaximum: true },
  code: { ...text, minLength: 2, maxLength: 3 },
  match: { ...text, pattern: '^[a-z]+$' },
  props: { type: 'object', additionalProperties: text, minProperties: 1, maxProperties: 2 },
  dt: { ...text, format: 'date-time' },
  date: { ...text, format: 'date' },
  ip: { ...text, format: 'ipv4' },
  uri: { ...text, format: 'uri' },
  em: { ...text, format: 'email' },
  dur: { ...text, format: 'duration' },
  uuid: { ...text, format: 'uuid' },
  by: { ...text, format: 'byte' },
  en: { type: 'integer', enum: [1, 2] },
  one: { ...ab, oneOf: [{ required: ['a'] }, { required: ['b'] }] },
  any: { ...ab, anyOf: [{ required: ['a'] }, { required: ['b'] }] },
  no: { ...ab, not: { required: ['a'] } },
  all: { ...ab, allOf: [{ required: ['a'] }, { properties: { a: { minLength: 3 } } }] },
  list: { type: 'array', items: { type: 'object', required: ['n'], properties: { n: text } }, maxItems: 2 },
  set: { type: 'array', 'x-kubernetes-list-type': 'set', items: text },
  lm: {
    type: 'array',
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['k'],
    items: { type: 'object', required: ['k'], properties: { k: text } },
  },
  emb: { type: 'object', 'x-kubernetes-embedded-resource': true },
  ios: { 'x-kubernetes-int-or-string': true },
  nn: { ...text, nullable: true },
  bo: { type: 'boolean' },
  mul: { type: 'number', multipleOf: 0.5 },
};
const schema: OpenApiSchema = { type: 'object', properties: { spec: { type: 'object', properties } } };
const wrong = (path: string, got: string, type: string) =>
  `${path}: Invalid value: "${got}": ${path} in body must be of type ${type}: "${got}"`;
const combined = (field: string, rule: string) => `<nil>: Invalid value: "": "spec.${field}" must ${rule}`;

/** [spec, what a real API server answered]. */
const rows: [unknown, string[]][] = [
  [{ size: 0 }, ['spec.size: Invalid value: 0: spec.size in body should be greater than or equal to 1']],
  [{ size: 9 }, ['spec.size: Invalid value: 9: spec.size in body should be less than or equal to 5']],
  [{ size: 1.5 }, [wrong('spec.size', 'number', 'integer')]],
  [{ ex: 1 }, ['spec.ex: Invalid value: 1: spec.ex in body should be greater than 1']],
  [{ ex: 5 }, ['spec.ex: Invalid value: 5: spec.ex in body should be less than 5']],
  [{ code: 'a' }, ['spec.code: Invalid value: "a": spec.code in body should be at least 2 chars long']],
  [{ code: 'abcd' }, ['spec.code: Too long: may not be more than 3 bytes']],
  [{ match: 'A' }, [`spec.match: Invalid value: "A": spec.match in body should match '^[a-z]+$'`]],
  [{ props: {} }, ['spec.props: Invalid value: 0: spec.props in body should have at least 1 properties']],
  [{ props: { a: '1', b: '1', c: '1' } }, ['spec.props: Too many: 3: must have at most 2 items']],
  [{ props: { a: 1 } }, [wrong('spec.props.a', 'integer', 'string')]],
  ...(['dt:date-time', 'date:date', 'ip:ipv4', 'em:email', 'dur:duration', 'uuid:uuid'].map((each) => {
    const [field = '', format = ''] = each.split(':');
    return [{ [field]: 'x' }, [wrong(`spec.${field}`, 'x', format)]];
  }) as [unknown, string[]][]),
  [{ uri: '::', by: '!' }, [wrong('spec.uri', '::', 'uri'), wrong('spec.by', '!', 'byte')]],
  [{ en: 3 }, ['spec.en: Unsupported value: 3: supported values: "1", "2"']],
  [{ one: {} }, [combined('one', 'validate one and only one schema (oneOf). Found none valid'), 'spec.one.a: Required value']],
  [{ one: { a: '1', b: '1' } }, [combined('one', 'validate one and only one schema (oneOf). Found 2 valid alternatives')]],
  [{ any: {} }, [combined('any', 'validate at least one schema (anyOf)'), 'spec.any.a: Required value']],
  [{ no: { a: '1' } }, [combined('no', 'not validate the schema (not)')]],
  [{ all: {} }, ['spec.all.a: Required value', combined('all', 'validate all the schemas (allOf)')]],
  [
    { all: { a: '1' } },
    [
      'spec.all.a: Invalid value: "1": spec.all.a in body should be at least 3 chars long',
      combined('all', 'validate all the schemas (allOf)'),
    ],
  ],
  [{ list: [{}] }, ['spec.list[0].n: Required value']],
  [{ list: [{ n: 1 }, 5] }, [wrong('spec.list[0].n', 'integer', 'string'), wrong('spec.list[1]', 'integer', 'object')]],
  [{ list: { a: 1 } }, [wrong('spec.list', 'object', 'array')]],
  [{ list: [{ n: '' }, { n: '' }, { n: '' }] }, ['spec.list: Too many: 3: must have at most 2 items']],
  [{ set: ['a', 'a'] }, ['spec.set[1]: Duplicate value: "a"']],
  [{ lm: [{ k: 'a' }, { k: 'a' }] }, ['spec.lm[1]: Duplicate value: {"k":"a"}']],
  [{ emb: {} }, ['spec.emb.apiVersion: Required value', 'spec.emb.kind: Required value']],
  [{ ios: true }, [wrong('spec.ios', 'boolean', 'integer,string')]],
  [{ ios: 1.5 }, [wrong('spec.ios', 'number', 'integer,string')]],
  [{ bo: 'x' }, [wrong('spec.bo', 'string', 'boolean')]],
  [{ mul: 0.7 }, ['spec.mul: Invalid value: 0.7: spec.mul in body should be a multiple of 0.5']],
  ['x', [wrong('spec', 'string', 'object')]],
  [[], [wrong('spec', 'array', 'object')]],
  [
    { size: 1, ex: 2.5, code: 'ab', nn: null, ios: '50%', mul: 1.5, dt: '2026-01-01T00:00:00Z', dur: '1h30m', uuid: crypto.randomUUID() },
    [],
  ],
];

describe('schemaProblems', () => {
  it.each(rows)('%j', (spec, expected) => {
    const errors = [...schemaProblems(schema, { spec }, ''), ...listTypeProblems(schema, { spec }, '')];
    expect(errors.map(fieldErrorMessage)).toEqual(expected);
  });
});

describe('applyDefaults and prune', () => {
  const structural: OpenApiSchema = {
    type: 'object',
    properties: {
      size: { type: 'integer', default: 7 },
      maybe: { ...text, nullable: true },
      plain: text,
      parts: { type: 'array', items: { type: 'object', properties: { n: { type: 'integer', default: 1 } } } },
      free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true, properties: { known: ab } },
    },
  };

  it('fills in what is missing, and null of what is not nullable', () => {
    const value = { size: null, maybe: null, plain: null, parts: [{}, { n: 2 }] };
    applyDefaults(structural, value);
    expect(value).toEqual({ size: 7, maybe: null, parts: [{ n: 1 }, { n: 2 }] });
  });

  it('drops what is not declared, but where unknown fields are kept', () => {
    const value = { metadata: { x: 1 }, other: 1, parts: [{ n: 1, m: 1 }], free: { any: 1, known: { a: '1', z: 1 } } };
    prune(structural, value, true);
    expect(value).toEqual({ metadata: { x: 1 }, parts: [{ n: 1 }], free: { any: 1, known: { a: '1' } } });
  });
});
