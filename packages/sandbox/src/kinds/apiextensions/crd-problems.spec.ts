import type { KubeObject } from '@fairlead/kube/protocol';
import { describe, expect, it } from 'vitest';
import { fieldErrorMessage } from '../../machinery/field-error.js';
import { crdProblems } from './crd-problems.js';

const object = { type: 'object' };
const version = (schema: unknown, more: object = {}) => ({
  name: 'v1',
  served: true,
  storage: true,
  schema: { openAPIV3Schema: schema },
  ...more,
});
const crd = (versions: unknown[], spec: object = {}, name = 'gs.e.dev'): KubeObject => ({
  metadata: { name },
  spec: { group: 'e.dev', scope: 'Namespaced', names: { plural: 'gs', singular: 'g', kind: 'G', listKind: 'GList' }, versions, ...spec },
  status: { storedVersions: ['v1'] },
});
const of = (a: unknown): KubeObject => crd([version({ ...object, properties: { a } })]);
const at = 'spec.validation.openAPIV3Schema';
const label =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

/** [title, definition, what a real API server answered]. */
const rows: [string, KubeObject, string[]][] = [
  ['nothing', of({ type: 'string' }), []],
  [
    'a scope',
    crd([version(object)], { scope: 'Foo' }),
    ['spec.scope: Unsupported value: "Foo": supported values: "Cluster", "Namespaced"'],
  ],
  ['a name', crd([version(object)], {}, 'x.e.dev'), ['metadata.name: Invalid value: "x.e.dev": must be spec.names.plural+"."+spec.group']],
  [
    'unknown fields kept everywhere',
    crd([version(object)], { preserveUnknownFields: true }),
    [
      'spec.preserveUnknownFields: Invalid value: true: cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead',
    ],
  ],
  [
    'a group of Kubernetes itself',
    crd([version(object)], { group: 'k8s.io' }, 'gs.k8s.io'),
    [
      'metadata.annotations[api-approved.kubernetes.io]: Required value: protected groups must have approval annotation "api-approved.kubernetes.io", see https://github.com/kubernetes/enhancements/pull/1111',
    ],
  ],
  [
    'a group without a dot',
    crd([version(object)], { group: 'foo' }, 'gs.foo'),
    ['spec.group: Invalid value: "foo": should be a domain with at least one dot'],
  ],
  ['no schema', crd([{ name: 'v1', served: true, storage: true }]), ['spec.versions[0].schema.openAPIV3Schema: Required value']],
  [
    'a version',
    crd([version(object, { name: 'V1' })]),
    [
      `spec.versions[0].name: Invalid value: "V1": ${label}`,
      `spec.version: Invalid value: "V1": ${label}`,
      'status.storedVersions: Invalid value: ["v1"]: must have the storage version V1',
    ],
  ],
  [
    'names',
    crd([version(object)], { names: { plural: 'gs', singular: 'G!', kind: 'G', listKind: 'G', shortNames: ['X'] } }),
    [
      `spec.names.singular: Invalid value: "G!": ${label}`,
      `spec.names.shortNames[0]: Invalid value: "X": ${label}`,
      'spec.names.listKind: Invalid value: "G": kind and listKind may not be the same',
    ],
  ],
  ['a root that is no object', crd([version({ type: 'string' })]), [`${at}.type: Invalid value: "string": must be object at the root`]],
  ['a root without type', crd([version({})]), [`${at}.type: Required value: must not be empty at the root`]],
  ['a field without type', of({}), [`${at}.properties[a].type: Required value: must not be empty for specified object fields`]],
  ['a list without items', of({ type: 'array' }), [`${at}.properties[a].items: Required value: must be specified`]],
  [
    'properties of two sorts',
    of({ ...object, properties: { b: { type: 'string' } }, additionalProperties: { type: 'string' } }),
    [`${at}.properties[a].additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive`],
  ],
  [
    'a type that is none',
    of({ type: 'foo' }),
    [`${at}.properties[a].type: Unsupported value: "foo": supported values: "array", "boolean", "integer", "number", "object", "string"`],
  ],
  [
    'a default of another type',
    of({ type: 'integer', default: 'x' }),
    [`${at}.properties[a].default: Invalid value: "string": in body must be of type integer: "string"`],
  ],
  [
    'a pattern that is none',
    of({ type: 'string', pattern: '[' }),
    [
      `${at}.properties[a].pattern: Invalid value: "[": must be a valid regular expression, but isn't: error parsing regexp: missing closing ]: \`[\``,
    ],
  ],
  [
    'a map list without keys',
    of({ type: 'array', items: object, 'x-kubernetes-list-type': 'map' }),
    [`${at}.properties[a].x-kubernetes-list-map-keys: Required value: must not be empty if x-kubernetes-list-type is map`],
  ],
  [
    'uniqueItems',
    of({ type: 'array', uniqueItems: true, items: { type: 'string' } }),
    [`${at}.properties[a].uniqueItems: Forbidden: uniqueItems cannot be set to true since the runtime complexity becomes quadratic`],
  ],
  [
    'a type inside allOf',
    of({ type: 'string', allOf: [{ type: 'string' }] }),
    [`${at}.properties[a].allOf[0].type: Forbidden: must be empty to be structural`],
  ],
  [
    'a rule about a field that is not there',
    of({ ...object, 'x-kubernetes-validations': [{ rule: 'self.b == 1' }] }),
    [
      `${at}.properties[a].x-kubernetes-validations[0].rule: Invalid value: {"Rule":"self.b == 1","Message":"","MessageExpression":"","Reason":null,"FieldPath":"","OptionalOldSelf":null}: compilation failed: ERROR: <input>:1:5: undefined field 'b'\n | self.b == 1\n | ....^`,
    ],
  ],
  [
    'a rule that is no question',
    of({ type: 'integer', 'x-kubernetes-validations': [{ rule: 'self + 1' }] }),
    [
      `${at}.properties[a].x-kubernetes-validations[0].rule: Invalid value: {"Rule":"self + 1","Message":"","MessageExpression":"","Reason":null,"FieldPath":"","OptionalOldSelf":null}: cel expression must evaluate to a bool`,
    ],
  ],
  [
    'messages and paths of rules',
    of({
      ...object,
      properties: { i: { type: 'integer' } },
      'x-kubernetes-validations': [
        { rule: 'self.i > 1', message: 'a\nb' },
        { rule: 'self.i > 1', message: ' ' },
        { rule: 'self.i > 1', fieldPath: '.zz' },
        { rule: 'self.i > 1', fieldPath: '.i' },
      ],
    }),
    [
      `${at}.properties[a].x-kubernetes-validations[0].message: Invalid value: "a\\nb": must not contain line breaks`,
      `${at}.properties[a].x-kubernetes-validations[1].message: Invalid value: " ": must be non-empty if specified`,
      `${at}.properties[a].x-kubernetes-validations[2].fieldPath: Invalid value: ".zz": must be a valid path`,
    ],
  ],
  [
    'rules that say nothing',
    of({ type: 'integer', 'x-kubernetes-validations': [{ rule: '' }, { rule: 'self > 1', reason: 'Nope' }] }),
    [
      `${at}.properties[a].x-kubernetes-validations[0].rule: Required value: rule is not specified`,
      `${at}.properties[a].x-kubernetes-validations[1].reason: Unsupported value: "Nope": supported values: "FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"`,
    ],
  ],
  [
    'columns, scale and selectable fields',
    crd([
      version(object, {
        additionalPrinterColumns: [{ name: '', type: 'foo', jsonPath: 'x' }],
        subresources: { scale: { specReplicasPath: 'x', statusReplicasPath: '.status.x' } },
        selectableFields: [{ jsonPath: '.spec.x' }],
      }),
    ]),
    [
      'spec.subresources.scale.specReplicasPath: Invalid value: "x": must be a simple json path starting with .',
      'spec.additionalPrinterColumns[0].name: Required value',
      'spec.additionalPrinterColumns[0].type: Invalid value: "foo": must be one of boolean,date,integer,number,string',
      'spec.additionalPrinterColumns[0].JSONPath: Invalid value: "x": must be a simple json path starting with .',
      'spec.selectableFields[0].jsonPath: Invalid value: ".spec.x": is an invalid path: does not refer to a valid field',
    ],
  ],
];

describe('crdProblems', () => {
  it.each(rows)('%s', (_, definition, expected) => {
    expect(crdProblems(definition).map(fieldErrorMessage)).toEqual(expected);
  });
});
