import { describe, expect, it } from 'vitest';
import { fieldErrorMessage } from '../../machinery/field-error.js';
import type { OpenApiSchema } from '../../schema/open-api.js';
import { plannedRules, ruleProblems } from './validation-rules.js';

const integer = { type: 'integer' };
const spec = (more: OpenApiSchema): OpenApiSchema => ({ type: 'object', properties: { spec: { type: 'object', ...more } } });
const broken = (schema: OpenApiSchema, value: unknown, old?: unknown): string[] => {
  const rules = plannedRules(schema);
  return rules ? ruleProblems(rules, value, old, '', old === undefined ? 'new' : 'change').map(fieldErrorMessage) : [];
};

describe('validation rules', () => {
  const bounds = spec({
    properties: { min: integer, max: integer },
    'x-kubernetes-validations': [
      { rule: 'self.min <= self.max', message: 'min is at most max' },
      { rule: 'self.max < 100', messageExpression: "'max is too ' + 'much'", reason: 'FieldValueForbidden', fieldPath: '.max' },
    ],
  });
  it.each([
    [{ min: 1, max: 2 }, []],
    [{ min: 5, max: 1 }, ['spec: Invalid value: "object": min is at most max']],
    [{ min: 5, max: 200 }, ['spec.max: Forbidden: max is too much']],
    [{ max: 1 }, ['spec: Invalid value: "object": no such key: min evaluating rule: min is at most max']],
  ])('%j', (value, expected) => {
    expect(broken(bounds, { spec: value })).toEqual(expected);
  });

  const once = spec({
    properties: {
      kind: { type: 'string', 'x-kubernetes-validations': [{ rule: 'self == oldSelf' }] },
      parts: {
        type: 'array',
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['id'],
        items: {
          type: 'object',
          properties: { id: { type: 'string' }, n: integer },
          'x-kubernetes-validations': [{ rule: 'self.n >= oldSelf.n' }],
        },
      },
    },
  });
  it('about a change are asked of what was there before, elements by their keys', () => {
    const old = { spec: { kind: 'a', parts: [{ id: 'x', n: 5 }] } };
    const next = {
      spec: {
        kind: 'b',
        parts: [
          { id: 'new', n: 1 },
          { id: 'x', n: 4 },
        ],
      },
    };
    expect(broken(once, next)).toEqual([]);
    expect(broken(once, next, old)).toEqual([
      'spec.kind: Invalid value: "string": failed rule: self == oldSelf',
      'spec.parts[1]: Invalid value: "object": failed rule: self.n >= oldSelf.n',
    ]);
  });

  it('may do without what was there before', () => {
    const schema = spec({
      properties: { n: { ...integer, 'x-kubernetes-validations': [{ rule: 'self > oldSelf.orValue(3)', optionalOldSelf: true }] } },
    });
    const words = ['spec.n: Invalid value: "integer": failed rule: self > oldSelf.orValue(3)'];
    expect(broken(schema, { spec: { n: 3 } })).toEqual(words);
    expect(broken(schema, { spec: { n: 4 } })).toEqual([]);
    expect(broken(schema, { spec: { n: 4 } }, { spec: { n: 9 } })).toEqual(words);
  });

  it('see names that CEL cannot say, days, and the root', () => {
    const schema: OpenApiSchema = {
      ...spec({
        properties: { 'a-b': integer, in: integer, day: { type: 'string', format: 'date' } },
        'x-kubernetes-validations': [{ rule: 'self.a__dash__b + self.__in__ == 3 && self.day.getDate() == 2' }],
      }),
      'x-kubernetes-validations': [{ rule: "self.metadata.name.startsWith('w')" }],
    };
    expect(broken(schema, { metadata: { name: 'w' }, spec: { 'a-b': 1, in: 2, day: '2026-01-02' } })).toEqual([]);
  });
});
