/** Numbered items of which only the newest are kept: at most `maxItems`, and at most `maxSize` of their sizes together. Numbers only grow. */
export class Ring<T> {
  #items: (T | undefined)[] = [];
  /** Index in #items of the oldest that is kept. */
  #head = 0;
  #first = 0;
  #size = 0;

  constructor(
    readonly maxItems: number,
    readonly maxSize: number,
    readonly sizeOf: (item: T) => number,
  ) {}

  /** Number of the oldest item that is kept. */
  get first(): number {
    return this.#first;
  }

  /** Number that the next item gets. */
  get end(): number {
    return this.#first + this.#items.length - this.#head;
  }

  get count(): number {
    return this.#items.length - this.#head;
  }

  push(item: T): void {
    this.#items.push(item);
    this.#size += this.sizeOf(item);
    while (this.count > this.maxItems || (this.#size > this.maxSize && this.count > 1)) this.#dropOldest();
  }

  at(number: number): T | undefined {
    return number < this.#first ? undefined : this.#items[this.#head + number - this.#first];
  }

  clear(): void {
    this.#first = this.end;
    this.#items = [];
    this.#head = 0;
    this.#size = 0;
  }

  #dropOldest(): void {
    const oldest = this.#items[this.#head];
    if (oldest !== undefined) this.#size -= this.sizeOf(oldest);
    this.#items[this.#head] = undefined;
    this.#head++;
    this.#first++;
    // Moving the array each time would cost a pass over all lines for each new one.
    if (this.#head > 4096 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
  }
}
