import {
  bindingNames,
  createdLabel,
  peopleNamespace,
  projectIdLabel,
  projectLabel,
  serviceAccountUser,
  systemNamespace,
  systemNamespaceCel,
} from './names.js';

interface PolicyObject {
  kind: 'ValidatingAdmissionPolicy' | 'ValidatingAdmissionPolicyBinding';
  name: string;
  spec: Record<string, unknown>;
}

const list = (names: readonly string[]): string => `[${names.map((name) => `'${name}'`).join(', ')}]`;
/** Of a name still to be generated there is nothing to read: the expression fails, and with it the request. */
const theName = "(request.operation == 'DELETE' ? oldObject : object).metadata.name";
const label = (object: string, key: string): string => `${object}.metadata.?labels[?'${key}'].orValue('')`;
const ofTheKeeper = [{ name: 'of-the-keeper', expression: `request.userInfo.username == '${serviceAccountUser('keeper')}'` }];

/**
 * What RBAC cannot say. The keeper writes our four bindings in namespaces that carry a project's label, and nowhere else; it may put that label
 * on a namespace without one, or take it off, but never turn one project's namespace into another's, nor touch the system's own.
 * Taking our bindings away needs no label: it only narrows. And nobody may make a ServiceAccount where Fairlead's people have their names.
 */
export function keeperPolicies(): PolicyObject[] {
  return [
    ...policy('fairlead-keeper-bindings', {
      resource: {
        apiGroups: ['rbac.authorization.k8s.io'],
        apiVersions: ['*'],
        resources: ['rolebindings'],
        operations: ['CREATE', 'UPDATE', 'DELETE'],
      },
      matchConditions: ofTheKeeper,
      validations: [
        { expression: `!${systemNamespaceCel('request.namespace')}`, message: 'the keeper writes no bindings in namespaces of the system' },
        {
          expression: `${theName} in ${list(bindingNames)}`,
          message: 'the keeper writes no bindings but its own four',
        },
        {
          expression: `request.operation == 'DELETE' || ${label('namespaceObject', projectLabel)} != ''`,
          message: `the keeper writes bindings only in namespaces labelled ${projectLabel}`,
        },
        {
          expression: `request.operation == 'DELETE' || object.?subjects.orValue([]).all(s, s.kind == 'ServiceAccount' && s.?namespace.orValue('') == '${peopleNamespace}')`,
          message: `the keeper binds nobody outside ${peopleNamespace}`,
        },
      ],
    }),
    ...policy('fairlead-keeper-namespaces', {
      resource: { apiGroups: [''], apiVersions: ['*'], resources: ['namespaces'], operations: ['CREATE', 'UPDATE', 'DELETE'] },
      matchConditions: ofTheKeeper,
      validations: [
        {
          expression: `!${systemNamespaceCel(theName)} || (request.operation == 'DELETE' && ${theName} == '${systemNamespace}')`,
          message: 'the keeper touches no namespaces of the system',
        },
        {
          expression: `request.operation != 'CREATE' || ${label('object', projectLabel)} != ''`,
          message: `the keeper makes only namespaces labelled ${projectLabel}`,
        },
        ...[projectLabel, projectIdLabel].map((key) => ({
          expression: `request.operation != 'UPDATE' || ${label('oldObject', key)} == '' || ${label('object', key)} == '' || ${label('oldObject', key)} == ${label('object', key)}`,
          message: `the keeper changes no ${key}`,
        })),
        {
          expression: `request.operation != 'UPDATE' || ${label('oldObject', projectLabel)} != '' || ${label('object', projectLabel)} != ''`,
          message: `the keeper changes only namespaces labelled ${projectLabel}`,
        },
        {
          expression: `request.operation != 'UPDATE' || ${label('object', createdLabel)} == '' || ${label('object', createdLabel)} == ${label('oldObject', createdLabel)}`,
          message: `${createdLabel} is set only when the namespace is made`,
        },
        {
          expression: `request.operation == 'DELETE' || ${label('object', projectLabel)} == '' || ${label('object', 'pod-security.kubernetes.io/enforce')} in ['baseline', 'restricted']`,
          message: "a project's namespace enforces Pod Security",
        },
        {
          expression: `request.operation != 'DELETE' || ${theName} == '${systemNamespace}' || ${label('oldObject', createdLabel)} == 'true'`,
          message: 'the keeper deletes only namespaces that it made',
        },
      ],
    }),
    ...policy('fairlead-people', {
      resource: { apiGroups: [''], apiVersions: ['*'], resources: ['serviceaccounts'], operations: ['CREATE', 'UPDATE'] },
      matchConditions: [{ name: 'in-fairlead-people', expression: `request.namespace == '${peopleNamespace}'` }],
      validations: [
        {
          expression: "object.metadata.name == 'default'",
          message: "Fairlead's people have their names here: no ServiceAccount may exist",
        },
      ],
    }),
  ];
}

function policy(
  name: string,
  { resource, matchConditions, validations }: { resource: Record<string, unknown>; matchConditions: object[]; validations: object[] },
): PolicyObject[] {
  return [
    {
      kind: 'ValidatingAdmissionPolicy',
      name,
      spec: { failurePolicy: 'Fail', matchConstraints: { resourceRules: [resource] }, matchConditions, validations },
    },
    { kind: 'ValidatingAdmissionPolicyBinding', name, spec: { policyName: name, validationActions: ['Deny'] } },
  ];
}
