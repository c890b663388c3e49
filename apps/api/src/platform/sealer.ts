import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import path from 'node:path';

/** Where a sealed value lives. A value moved to another row or column does not open. */
export interface SealedAt {
  table: string;
  row: string;
  column: string;
}

export class SealError extends Error {
  override name = 'SealError';
}

/** AES-256-GCM. A sealed value is `v1.<keyId>.<nonce>.<ciphertext+tag>`, each part base64url. */
export class Sealer {
  readonly keyId: string;

  /** @param key 32 bytes */
  constructor(private readonly key: Buffer) {
    if (key.length !== 32) throw new SealError('the secret key must have 32 bytes');
    this.keyId = createHash('sha256').update('fairlead key id').update(key).digest('base64url').slice(0, 8);
  }

  /** 32 bytes for one purpose; from one purpose's key nothing follows for another's, nor for what is sealed. */
  derive(purpose: string): Buffer {
    return Buffer.from(hkdfSync('sha256', this.key, '', purpose, 32));
  }

  seal(plaintext: string, at: SealedAt): string {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.key, nonce);
    cipher.setAAD(additionalData(this.keyId, at));
    const body = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `v1.${this.keyId}.${nonce.toString('base64url')}.${body.toString('base64url')}`;
  }

  /** @throws SealError that never holds a part of the value */
  open(sealed: string, at: SealedAt): string {
    const [version, keyId, nonce, body] = sealed.split('.');
    if (version !== 'v1' || !keyId || !nonce || !body) throw new SealError(`${at.table}.${at.column} is not a sealed value`);
    if (keyId !== this.keyId)
      throw new SealError(
        `${at.table}.${at.column} was sealed with another key (${keyId}); this Fairlead has ${this.keyId}. Restore FAIRLEAD_SECRET_KEY, or register again`,
      );
    const bytes = Buffer.from(body, 'base64url');
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.key, Buffer.from(nonce, 'base64url'));
      decipher.setAAD(additionalData(keyId, at));
      decipher.setAuthTag(bytes.subarray(-16));
      return decipher.update(bytes.subarray(0, -16), undefined, 'utf8') + decipher.final('utf8');
    } catch {
      throw new SealError(`${at.table}.${at.column} does not open: it was changed, or belongs to another row`);
    }
  }
}

const additionalData = (keyId: string, at: SealedAt) => Buffer.from(JSON.stringify(['v1', keyId, at.table, at.row, at.column]));

/** The key from FAIRLEAD_SECRET_KEY (base64), else from `<data>/secret-key`, which is made (mode 0600) when it is not there. */
export async function loadSecretKey(fromEnvironment: string | null, dataDir: string): Promise<Buffer> {
  if (fromEnvironment) return Buffer.from(fromEnvironment, 'base64');
  const file = path.join(dataDir, 'secret-key');
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  try {
    const handle = await open(file, 'wx', 0o600);
    const key = randomBytes(32);
    await handle.writeFile(`${key.toString('base64')}\n`);
    await handle.sync();
    await handle.close();
    return key;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return Buffer.from((await readFile(file, 'utf8')).trim(), 'base64');
  }
}
