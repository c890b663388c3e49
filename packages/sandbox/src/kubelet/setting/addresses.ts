/** The addresses of one node's pods: the next free one of its range, round and round, so that one is not given again at once. */
export class Addresses {
  private readonly taken = new Set<number>();
  private readonly base: number;
  private readonly size: number;
  private next = 2;

  constructor(range: string) {
    const [address = '10.244.0.0', bits = '24'] = range.split('/');
    this.base = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
    this.size = 2 ** (32 - Number(bits));
  }

  take(): string {
    for (let tries = 0; tries < this.size; tries += 1) {
      const offset = this.next;
      this.next = this.next + 1 >= this.size - 1 ? 2 : this.next + 1;
      if (this.taken.has(offset)) continue;
      this.taken.add(offset);
      return textOf(this.base + offset);
    }
    throw new Error('no address left in the range of the node');
  }

  note(address: string): void {
    const offset = numberOf(address) - this.base;
    if (offset > 0 && offset < this.size) this.taken.add(offset);
  }

  free(address: string): void {
    this.taken.delete(numberOf(address) - this.base);
  }
}

const numberOf = (address: string): number => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
const textOf = (value: number): string => [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
