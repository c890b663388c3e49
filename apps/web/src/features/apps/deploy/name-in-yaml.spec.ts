import { describe, expect, it } from 'vitest';
import { nameInYaml } from './name-in-yaml';

describe('the name in pasted YAML', () => {
  it.each([
    [
      'the workload before others',
      'apiVersion: v1\nkind: Service\nmetadata:\n  name: svc\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  labels:\n    app: x\n  name: web\nspec: {}\n',
      'web',
    ],
    ['the first object else', 'kind: ConfigMap\nmetadata:\n  name: settings\n', 'settings'],
    ['quotes', 'kind: "Deployment"\nmetadata:\n  name: "nginx-deployment"\n', 'nginx-deployment'],
    ['nothing in other text', 'hello', ''],
    ['nothing from deeper names', 'kind: Deployment\nspec:\n  containers:\n    - name: inner\n', ''],
  ])('%s', (_, yaml, name) => expect(nameInYaml(yaml)).toBe(name));
});
