import type { Duplex } from 'node:stream';

/** A server's part: while `cut` it ends a kept connection at its next request, as one does whose time for it is up. */
export class KeptConnections {
  cut = false;
  private readonly used = new WeakSet<Duplex>();

  /** For each request first: true when its connection was ended and nothing is to be answered. */
  ends(socket: Duplex): boolean {
    const ends = this.cut && this.used.has(socket);
    this.used.add(socket);
    if (ends) socket.destroy();
    return ends;
  }
}
