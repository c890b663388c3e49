type Json = Record<string, unknown>;

/** The JSON merge patch (RFC 7386) that makes `next` of `base`: only what differs, null for what is gone, arrays whole. */
export function mergePatch(base: Json, next: Json): Json {
  const patch: Json = {};
  for (const key of Object.keys(base)) if (!(key in next) || next[key] === undefined) patch[key] = null;
  for (const [key, value] of Object.entries(next)) {
    if (value === undefined) continue;
    const old = base[key];
    if (isObject(old) && isObject(value)) {
      const inner = mergePatch(old, value);
      if (Object.keys(inner).length > 0) patch[key] = inner;
    } else if (JSON.stringify(old) !== JSON.stringify(value)) patch[key] = value;
  }
  return patch;
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
