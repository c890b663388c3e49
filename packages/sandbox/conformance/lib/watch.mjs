// One watch, read event by event.
import { Mismatch } from './expect.mjs';

export class Watch {
  /** Rejects unless the server answers 200. */
  static async open(client, path, query = {}, { accept } = {}) {
    const response = await client.open('GET', path, undefined, { query: { watch: 'true', ...query }, accept });
    if (response.statusCode !== 200) {
      const chunks = [];
      for await (const chunk of response) chunks.push(chunk);
      throw new Mismatch(`watch of ${path}`, 200, `${response.statusCode} ${Buffer.concat(chunks)}`);
    }
    return new Watch(response);
  }

  constructor(response) {
    this.response = response;
    this.headers = response.headers;
    this.events = [];
    this.ended = false;
    this.waiters = new Set();
    let rest = '';
    response.setEncoding('utf8');
    response.on('data', (chunk) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop();
      for (const line of lines) if (line) this.events.push(JSON.parse(line));
      this.wake();
    });
    const end = () => {
      this.ended = true;
      this.wake();
    };
    response.on('end', end);
    response.on('close', end);
  }

  wake() {
    for (const waiter of this.waiters) waiter();
  }

  /** Takes events off the front until one satisfies `wanted`, and answers it. */
  next(wanted = () => true, { ms = 15_000, what = 'an event' } = {}) {
    const seen = [];
    return this.until(
      () => {
        while (this.events.length > 0) {
          const event = this.events.shift();
          if (wanted(event)) return event;
          seen.push(`${event.type} ${event.object?.metadata?.name ?? event.object?.message ?? ''}`);
        }
        if (this.ended) throw new Mismatch(`watch ended before ${what}`, what, seen);
        return undefined;
      },
      () => new Mismatch(`watch within ${ms} ms`, what, seen),
      ms,
    );
  }

  /** The next event of these types for this object's name. */
  nextFor(name, type) {
    return this.next((e) => e.object?.metadata?.name === name && (!type || e.type === type), { what: `${type ?? 'an event'} for ${name}` });
  }

  /** Resolves when the server has closed the stream. */
  async end({ ms = 20_000 } = {}) {
    await this.until(
      () => this.ended || undefined,
      () => new Mismatch('watch', `its end within ${ms} ms`, 'still open'),
      ms,
    );
  }

  until(take, late, ms) {
    return new Promise((resolve, reject) => {
      const finish = (how, value) => {
        clearTimeout(timer);
        this.waiters.delete(attempt);
        how(value);
      };
      const attempt = () => {
        try {
          const value = take();
          if (value !== undefined) finish(resolve, value);
        } catch (error) {
          finish(reject, error);
        }
      };
      const timer = setTimeout(() => finish(reject, late()), ms);
      this.waiters.add(attempt);
      attempt();
    });
  }

  close() {
    this.response.destroy();
  }
}
