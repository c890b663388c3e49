/**
 * Reads one after the other, so that no older answer comes after a newer one. Whoever asks gets a read that begins after the question; all who wait
 * for the next one share it.
 */
export class Reader {
  private running: Promise<unknown> = Promise.resolve();
  private next: Promise<void> | null = null;

  constructor(private readonly read: () => Promise<void>) {}

  /** @throws what the read throws; the next one begins all the same */
  ask(): Promise<void> {
    this.next ??= this.running.then(() => {
      this.next = null;
      const reading = this.read();
      this.running = reading.catch(() => {}); // whoever asked gets the error
      return reading;
    });
    return this.next;
  }
}
