import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Sealer } from '../../../platform/sealer.js';

/** Which app a value is for. The same value of two apps has two hashes: nobody learns from them that it is the same. */
export interface SecretPlace {
  clusterId: string;
  namespace: string;
  app: string;
}

/**
 * Tells one value from another without saying anything of either to whoever lacks this Fairlead's key: a plain digest of a short password is soon
 * found out. With another key the same value counts as a new one; what stands stays as it is.
 */
@Injectable()
export class SecretHash {
  private readonly key: Buffer;

  constructor(sealer: Sealer) {
    this.key = sealer.derive('fairlead app secrets');
  }

  /** 24 hex digits. */
  of({ clusterId, namespace, app }: SecretPlace, name: string, value: string): string {
    return createHmac('sha256', this.key)
      .update(JSON.stringify([clusterId, namespace, app, name, value]))
      .digest('hex')
      .slice(0, 24);
  }
}
