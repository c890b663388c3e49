import { recordedData } from '../recorded-data.js';
import type { OpenApiSchema } from './open-api.js';

/** What `scripts/record-api.mjs` wrote down of the real API server. */
export interface RecordedApi {
  version: string;
  components: Readonly<Record<string, OpenApiSchema>>;
  /** Component → its Go fields in their order, each with `:` and `*` for a pointer, `?` for omitempty, `0` for omitzero, and its type's own name. */
  shapes: Readonly<Record<string, string>>;
}

let recorded: RecordedApi | undefined;

/** Read once, when it is first asked for (20 ms). */
export function recordedApi(): RecordedApi {
  recorded ??= recordedData<RecordedApi>('api');
  return recorded;
}
