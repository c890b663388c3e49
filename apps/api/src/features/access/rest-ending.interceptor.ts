import type { Route } from '@fairlead/shared';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { catchError, from, mergeMap, type Observable } from 'rxjs';
import { AppError, InvariantError } from '../../platform/app-error.js';
import { routeOf } from '../../platform/http/implements.js';
import type { RestRequest } from '../../platform/http/rest-context.js';
import type { AuditHandle } from '../audit/index.js';

/** After the handler: the answer is cut to the contract's response, and the audit entry ends with what happened. */
@Injectable()
export class RestEnding implements NestInterceptor {
  intercept(host: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (host.getType() !== 'http') return next.handle();
    const { fairlead } = host.switchToHttp().getRequest<RestRequest>();
    const route = routeOf(host.getHandler());
    if (!route || !fairlead) throw new InvariantError('a handler was reached without admission');
    const audit = fairlead.audit as AuditHandle;
    return next.handle().pipe(
      mergeMap(async (answer: unknown) => {
        const body = shape(route, answer);
        await audit.end({ ...fairlead.note, outcome: 'allowed', reason: fairlead.note.reason ?? '', status: route.status });
        return body;
      }),
      catchError((error: unknown) => from(this.failed(audit, fairlead.note, error))),
    );
  }

  private async failed(audit: AuditHandle, note: RestRequest['fairlead']['note'], error: unknown): Promise<never> {
    const known = error instanceof AppError ? error : null;
    const refused = known !== null && known.status < 500;
    await audit.end({
      ...note,
      outcome: refused ? 'refused' : 'failed',
      reason: known ? `${known.code}: ${known.message}` : 'internal',
      status: known?.status ?? 500,
    });
    throw error;
  }
}

function shape(route: Route, answer: unknown): unknown {
  if (!route.response) return answer;
  const parsed = route.response.safeParse(answer);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues.slice(0, 3).map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new InvariantError(`the answer of ${route.method} ${route.path} does not fit its contract: ${where.join('; ')}`);
}
