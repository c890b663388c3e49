/** The certificate authority of the front door, for whoever must tell a client whom to trust. The door sets it once it is open. */
export class DoorAuthority {
  private held: { caPem: string; port: number } | null = null;

  set(caPem: string, port: number): void {
    this.held = { caPem, port };
  }

  /** null where a proxy with a certificate of its own stands before us: the origin's port is not the door's. */
  forOrigin(origin: string): string | null {
    const port = Number(new URL(origin).port) || 443;
    return this.held && this.held.port === port ? this.held.caPem : null;
  }
}
