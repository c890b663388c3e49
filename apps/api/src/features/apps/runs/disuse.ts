/** A session may be left for so long, by a page that is loaded again. */
const leftMs = 20_000;
const unopenedMs = 5 * 60_000;
const silentMs = 15 * 60_000;

/** Why an interactive run has come to its end, in a sentence; null while somebody uses it. Pure. */
export function disuse(run: { createdAt: Date; attachedAt: Date | null; heardAt: Date | null }, now: Date): string | null {
  const since = (at: Date) => now.getTime() - at.getTime();
  if (run.attachedAt === null) return since(run.createdAt) > unopenedMs ? 'Nobody opened it within five minutes.' : null;
  if (since(run.attachedAt) > leftMs) return 'Its session ended.';
  return since(run.heardAt ?? run.attachedAt) > silentMs ? 'Nothing was typed for fifteen minutes.' : null;
}
