import type { KubeObject } from '@fairlead/kube/protocol';
import type { FieldContext } from '../api/core.js';
import type { Stored } from '../machinery/object.js';
import type { ResourceDefinition } from '../registry/definition.js';

/** What the door does with documents by their schemas. All throw ApiErrors in the API server's words. */
export interface Formats {
  /** Whether that is a kind at all. */
  knows(apiVersion: string, kind: string): boolean;
  /** Fields that the schema does not know (`spec.foo`), and the first thing that cannot be decoded. */
  checkFields(definition: ResourceDefinition, object: KubeObject): { unknown: readonly string[]; problem?: string };
  /** The object as it is read and printed again: without what its schema does not know, without empty fields, with empty structs. */
  completed(definition: ResourceDefinition, object: KubeObject): KubeObject;
  /** The patch as a refusal of a strategic merge patch quotes it. */
  shownPatch(patch: unknown): string;
  jsonPatch(document: KubeObject, patch: unknown): KubeObject;
  mergePatch(document: KubeObject, patch: unknown): KubeObject;
  strategicMergePatch(definition: ResourceDefinition, document: KubeObject, patch: unknown): KubeObject;
  /** Server-side apply of `config`, in the version of the request and as it was sent: the object in its stored version, with its managedFields. */
  apply(live: Stored | undefined, config: KubeObject, how: FieldContext & { force: boolean }): KubeObject;
  /** OpenAPI v3 of one group and version; undefined where nothing of it is served. */
  openApi(group: string, version: string): object | undefined;
  /** Changes when the document does. */
  openApiHash(group: string, version: string): string | undefined;
}
