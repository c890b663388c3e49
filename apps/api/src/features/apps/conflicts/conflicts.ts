import { KubeError, type KubeObject, type Manifest } from '@fairlead/kube';
import type { ConflictChoice, FieldConflict } from '@fairlead/shared';
import { titleOf } from '../render/identity.js';
import { locate } from './field-path.js';
import { ownerOf } from './owners.js';

/** Our own marks say whose the object is: they are always ours. */
const isMark = (field: string): boolean => /^metadata\.(annotations|labels)\.fairlead\.dev\//.test(field);

export const isFieldConflict = (error: unknown): error is KubeError =>
  error instanceof KubeError &&
  error.code === 409 &&
  (error.status.details?.causes ?? []).some(({ reason }) => reason === 'FieldManagerConflict');

/** The fields that an apply was refused for, both sides and whose they are; each as `choices` decide it. Pure. */
export function conflictsOf(sent: Manifest, live: KubeObject, error: KubeError, choices: readonly ConflictChoice[]): FieldConflict[] {
  const object = titleOf(sent);
  const found = new Map<string, FieldConflict>();
  for (const { reason, field: path = '', message = '' } of error.status.details?.causes ?? []) {
    if (reason !== 'FieldManagerConflict') continue;
    const wanted = locate(sent, path);
    const field = wanted?.field ?? path.replace(/^\./, '');
    if (isMark(field) || found.has(field)) continue;
    const hidden = isHidden(sent.kind, field);
    const side = (value: unknown) => (hidden ? '(not shown)' : text(value));
    const choice = choiceOf({ object, field }, choices);
    found.set(field, {
      object,
      field,
      wanted: side(wanted?.value),
      found: side(locate(live, path)?.value),
      owner: ownerOf(message, live),
      choice,
    });
  }
  return [...found.values()];
}

/** What was said of the field itself goes before what was said of its object. */
export function choiceOf(
  { object, field }: { object: string; field: string },
  choices: readonly ConflictChoice[],
): FieldConflict['choice'] {
  const about = choices.filter((each) => each.object === object);
  const own = about.filter((each) => each.field === field).at(-1) ?? about.filter((each) => each.field === undefined).at(-1);
  return own?.choice ?? null;
}

/** Values of the environment may be secrets; those of Secrets are. */
const isHidden = (kind: string, field: string): boolean => kind === 'Secret' || /\.env\[[^\]]*\](\.value)?$/.test(field);

function text(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  const words = typeof value === 'string' ? value : JSON.stringify(value);
  return words.length > 300 ? `${words.slice(0, 300)}…` : words;
}
