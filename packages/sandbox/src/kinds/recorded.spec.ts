import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
import type { KubeObject } from '@fairlead/kube/protocol';
import { describe, expect, it } from 'vitest';
import { type Answer, kindsApi } from '../../test/kinds/kinds-api.js';

/** What a kube-apiserver 1.34 answered to a POST in a dry run, or to a PUT of what `change` makes of it. */
type Recorded = { name: string; path: string; body: KubeObject; change?: object; sub?: string } & Answer;

const file = new URL('../../test/kinds/recorded.json.br', import.meta.url);
const recorded = JSON.parse(brotliDecompressSync(readFileSync(file)).toString()) as Recorded[];
const byPath = new Map<string, Recorded[]>();
for (const each of recorded) byPath.set(each.path, [...(byPath.get(each.path) ?? []), each]);

const ofTheSystem = ['uid', 'creationTimestamp', 'resourceVersion', 'managedFields'];

/** What is another one each time is left out, as it is in the recording. */
function plain(value: unknown, isDry: boolean): unknown {
  let text = JSON.stringify(value)
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'UID')
    .replace(/2026-\d\d-\d\dT[\d:.]+Z/g, 'TIME');
  if (!isDry && text.startsWith('{"object"'))
    text = text.replace(/10\.96\.\d+\.\d+/g, 'IP').replace(/("(?:n|healthCheckN)odePort":)3\d{4}/g, '$1"PORT"');
  const answer = JSON.parse(text) as { object?: KubeObject };
  if (answer.object) for (const key of ofTheSystem) delete (answer.object.metadata as unknown as Record<string, unknown>)[key];
  return answer;
}

describe.each([...byPath])('%s', (path, cases) => {
  it.each(cases)('$name', ({ name: _, path: __, body, change, sub, ...answer }) => {
    const isDry = change === undefined;
    const kinds = kindsApi(path, isDry);
    const made = kinds.create(body);
    expect(plain(isDry ? made : kinds.change(body.metadata.name, change, sub), isDry)).toEqual(answer);
  });
});
