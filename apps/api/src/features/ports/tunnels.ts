import { Agent, type ClientRequestArgs } from 'node:http';
import type { Duplex } from 'node:stream';

const kept = 6;
const atOnce = 24;

/** The connections of one opening. For Node's HTTP client they are what sockets are: kept for the next request, or taken whole by an upgrade. */
export class Tunnels extends Agent {
  private readonly open = new Set<Duplex>();

  constructor(private readonly dial: () => Promise<Duplex>) {
    super({ keepAlive: true, maxSockets: atOnce, maxFreeSockets: kept, scheduling: 'lifo' });
  }

  override createConnection(_: ClientRequestArgs, done?: (error: Error | null, stream: Duplex) => void): undefined {
    this.dial().then(
      (stream) => {
        if (stream.destroyed) return (done as ((error: Error) => void) | undefined)?.(stream.errored ?? new Error('the port was closed'));
        this.open.add(stream);
        stream.once('close', () => this.open.delete(stream));
        done?.(null, stream);
      },
      (error: Error) => (done as ((error: Error) => void) | undefined)?.(error),
    );
  }

  /** Those that wait for a next request. */
  closeIdle(): void {
    for (const sockets of Object.values(this.freeSockets)) for (const socket of [...(sockets ?? [])]) socket.destroy();
  }

  /** Cuts everything off. */
  cut(): void {
    for (const stream of [...this.open]) stream.destroy(new Error('the port was closed'));
    super.destroy();
  }
}
