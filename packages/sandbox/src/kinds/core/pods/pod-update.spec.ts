import { expect, test } from 'vitest';
import { kindsApi } from '../../../../test/kinds/kinds-api.js';

const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p' },
  spec: { nodeName: 'n', activeDeadlineSeconds: 10, containers: [{ name: 'c', image: 'i:1' }] },
};
const fixed =
  'Pod "p" is invalid: spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)\n';

function changed(spec: object): unknown {
  const kinds = kindsApi('api/v1/namespaces/default/pods', false);
  kinds.create(pod);
  const answer = kinds.change('p', { spec });
  return 'object' in answer ? answer.object.spec : answer.message;
}

test.each<[what: string, spec: object]>([
  ['an image', { containers: [{ name: 'c', image: 'j:2' }] }],
  ['a shorter deadline', { activeDeadlineSeconds: 5 }],
  ['one more toleration', { tolerations: [{ key: 'a', operator: 'Exists' }] }],
])('%s may change', (_, spec) => expect(changed(spec)).toMatchObject(spec));

test.each<[what: string, spec: object, message: string]>([
  [
    'a command',
    { containers: [{ name: 'c', image: 'i:1', command: ['x'] }] },
    `${fixed}@@ -5,7 +5,9 @@
   {
    "Name": "c",
    "Image": "i:1",
-   "Command": null,
+   "Command": [
+    "x"
+   ],
    "Args": null,
    "WorkingDir": "",
    "Ports": null,
`,
  ],
  [
    'its node',
    { nodeName: 'm' },
    `${fixed}@@ -42,7 +42,7 @@
  "NodeSelector": null,
  "ServiceAccountName": "",
  "AutomountServiceAccountToken": null,
- "NodeName": "n",
+ "NodeName": "m",
  "SecurityContext": {
   "HostNetwork": false,
   "HostPID": false,
`,
  ],
  [
    'a longer deadline',
    { activeDeadlineSeconds: 50 },
    'Pod "p" is invalid: spec.activeDeadlineSeconds: Invalid value: 50: must be less than or equal to previous value',
  ],
  ['an image that is none', { containers: [{ name: 'c', image: '' }] }, 'Pod "p" is invalid: spec.containers[0].image: Required value'],
  [
    'the number of its containers',
    {
      containers: [
        { name: 'c', image: 'i:1' },
        { name: 'd', image: 'i' },
      ],
    },
    'Pod "p" is invalid: spec.containers: Forbidden: pod updates may not add or remove containers',
  ],
])('%s may not', (_, spec, message) => expect(changed(spec)).toBe(message));
