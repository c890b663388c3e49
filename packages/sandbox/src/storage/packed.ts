import type { GroupResource, Stored } from '../machinery/object.js';

/** Where an object stands and who owns it: what has to be known of it before it is read. */
export interface Address {
  resource: GroupResource;
  namespace: string;
  name: string;
  uid: string;
  owners: readonly string[];
}

/** An object of an earlier life that nobody has asked for yet: the text that was kept of it, read when somebody does. */
export class Packed {
  constructor(
    readonly address: Address,
    readonly text: string,
    private readonly read: (text: string) => Stored,
  ) {}

  unpack(): Stored {
    return this.read(this.text);
  }
}
