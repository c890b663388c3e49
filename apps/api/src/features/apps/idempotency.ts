import { createHmac } from 'node:crypto';
import { type CallHandler, type ExecutionContext, Inject, Injectable, type NestInterceptor } from '@nestjs/common';
import { catchError, from, mergeMap, type Observable, of } from 'rxjs';
import type { Prisma } from '../../generated/prisma/client.js';
import { AppError } from '../../platform/app-error.js';
import { CLOCK, type Clock } from '../../platform/clock.js';
import { DATABASE, type Database, isUniqueViolation } from '../../platform/database.js';
import { onlyHeader } from '../../platform/http/request.js';
import type { RestRequest } from '../../platform/http/rest-context.js';
import { Sealer } from '../../platform/sealer.js';
import type { RestCall } from '../access/index.js';

const keptMs = 24 * 3600_000;
/** A request that has not ended after so long died with its process. */
const abandonedMs = 2 * 60_000;

/**
 * A request with `Idempotency-Key` is done once: sent again under the same key it gets the first one's answer, for a day. The key is the
 * principal's own. A request that failed is forgotten, and may be tried again. Only for routes whose answers hold nothing secret.
 */
@Injectable()
export class Idempotency implements NestInterceptor {
  private readonly hashKey: Buffer;

  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    sealer: Sealer,
  ) {
    this.hashKey = sealer.derive('fairlead idempotency');
  }

  intercept(host: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = host.switchToHttp().getRequest<RestRequest>();
    const key = onlyHeader(request.raw, 'idempotency-key');
    if (key === undefined || request.method === 'GET') return next.handle();
    return from(this.begin(request, key)).pipe(
      mergeMap((kept) => {
        if (kept) {
          const { reply, note } = request.fairlead as RestCall;
          reply.header('idempotency-replayed', 'true');
          note.reason = `${note.reason ?? ''} (answered again by its idempotency key)`;
          return of(kept.response);
        }
        const where = { principalId_key: { principalId: (request.fairlead as RestCall).caller.id, key: key ?? '' } };
        return next.handle().pipe(
          mergeMap(async (answer: unknown) => {
            const response = JSON.parse(JSON.stringify(answer ?? null)) as Prisma.InputJsonValue;
            await this.database.idempotencyKey.update({ where, data: { status: 200, response } });
            return answer;
          }),
          catchError((error: unknown) =>
            from(
              this.database.idempotencyKey.delete({ where }).then(
                () => Promise.reject(error),
                () => Promise.reject(error),
              ),
            ),
          ),
        );
      }),
    );
  }

  /** What was answered before, or null: then the request is begun. @throws AppError idempotency_mismatch, idempotency_running */
  private async begin(request: RestRequest, key: string | null): Promise<{ response: unknown } | null> {
    if (key === null || !/^[\x21-\x7e]{1,200}$/.test(key))
      throw new AppError(
        'invalid_request',
        {},
        { issues: [{ path: 'Idempotency-Key', message: 'must be one value of 1 to 200 printable characters' }] },
      );
    const { caller } = request.fairlead as RestCall;
    // Keyed: a body may hold a secret, and a plain digest of a short one is soon found out.
    const hash = createHmac('sha256', this.hashKey)
      .update(JSON.stringify([request.method, request.url, request.body ?? null]))
      .digest();
    const now = this.clock.now();
    const ago = (ms: number) => new Date(now.getTime() - ms);
    await this.database.idempotencyKey.deleteMany({
      where: { OR: [{ createdAt: { lt: ago(keptMs) } }, { status: null, createdAt: { lt: ago(abandonedMs) } }] },
    });
    try {
      await this.database.idempotencyKey.create({ data: { principalId: caller.id, key, request: new Uint8Array(hash), createdAt: now } });
      return null;
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
    }
    const kept = await this.database.idempotencyKey.findUnique({ where: { principalId_key: { principalId: caller.id, key } } });
    if (kept && !Buffer.from(kept.request).equals(hash)) throw new AppError('idempotency_mismatch');
    if (!kept || kept.status === null) throw new AppError('idempotency_running');
    return { response: kept.response };
  }
}
