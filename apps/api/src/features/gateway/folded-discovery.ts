const foldMs = 60_000;
const maxKnown = 10_000;

/** kubectl reads the API's directory before most commands: one audit entry for each credential, cluster and minute stands for all of it. */
export class FoldedDiscovery {
  private readonly last = new Map<string, number>();

  isFirst(credentialId: string, clusterId: string, nowMs: number): boolean {
    const key = `${credentialId} ${clusterId}`;
    const last = this.last.get(key);
    if (last !== undefined && nowMs - last < foldMs) return false;
    this.last.delete(key); // to the end: the oldest stand first
    this.last.set(key, nowMs);
    if (this.last.size > maxKnown) this.last.delete(this.last.keys().next().value!);
    return true;
  }
}
