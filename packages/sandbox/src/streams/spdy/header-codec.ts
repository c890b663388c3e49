import { constants, createDeflate, createInflate } from 'node:zlib';
import { headerDictionary } from './dictionary.js';
import { decodeHeaders, encodeHeaders, SpdyError } from './frames.js';

const largestBlock = 256 * 1024;

/** Header blocks of one connection: each direction is one zlib stream from the first to the last. Calls must not overlap. */
export class HeaderCodec {
  private readonly inflate = createInflate({ dictionary: headerDictionary });
  private readonly deflate = createDeflate({ dictionary: headerDictionary });

  decode(block: Buffer): Promise<Record<string, string>> {
    return new Promise((resolve, reject) => {
      const pieces: Buffer[] = [];
      let bytes = 0;
      const onData = (piece: Buffer): void => {
        pieces.push(piece);
        bytes += piece.length;
        if (bytes > largestBlock) finish(new SpdyError('headers are too large'));
      };
      const finish = (error?: Error | null): void => {
        this.inflate.off('data', onData);
        this.inflate.off('error', finish);
        if (error) reject(error);
        else {
          try {
            resolve(decodeHeaders(Buffer.concat(pieces)));
          } catch (problem) {
            reject(problem instanceof RangeError ? new SpdyError('headers are cut short') : problem);
          }
        }
      };
      this.inflate.on('data', onData);
      this.inflate.once('error', finish);
      this.inflate.write(block, () => this.inflate.flush(constants.Z_SYNC_FLUSH, () => finish()));
    });
  }

  encode(headers: Readonly<Record<string, string>>): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const pieces: Buffer[] = [];
      const onData = (piece: Buffer): void => void pieces.push(piece);
      this.deflate.on('data', onData);
      this.deflate.once('error', reject);
      this.deflate.write(encodeHeaders(headers), () => {
        this.deflate.flush(constants.Z_SYNC_FLUSH, () => {
          this.deflate.off('data', onData);
          this.deflate.off('error', reject);
          resolve(Buffer.concat(pieces));
        });
      });
    });
  }

  close(): void {
    this.inflate.destroy();
    this.deflate.destroy();
  }
}
