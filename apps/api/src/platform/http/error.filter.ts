import type { ErrorBody } from '@fairlead/shared';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Inject } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../app-error.js';
import { isDatabaseUnavailable } from '../database.js';
import { LOGGER, type Logger } from '../logger.js';

/** Every error of the REST API leaves as `{ code, message, requestId, issues?, receipt? }`. Logged once, here, when it is our fault. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    if (host.getType() !== 'http') return;
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const known = toAppError(error);
    if (known.status >= 500)
      this.logger.error({ requestId: request.id, code: known.code, error: known.cause ?? known }, 'a request failed');
    if (reply.sent) return;
    void sendError(reply, known, request.id);
  }
}

export function sendError(reply: FastifyReply, error: AppError, requestId: string): FastifyReply {
  if (error.status === 429) reply.header('retry-after', /(\d+) s/.exec(error.message)?.[1] ?? '1');
  if (error.status === 401) reply.header('www-authenticate', 'Bearer');
  const body: ErrorBody = error.toBody(requestId);
  return reply.status(error.status).header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(body));
}

/** What went wrong in the contract's words; anything unknown is `internal`, with its cause kept for the log. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (isDatabaseUnavailable(error)) return new AppError('database_unavailable', {}, { cause: error });
  const status = error instanceof HttpException ? error.getStatus() : statusCodeOf(error);
  if (status === 404) return new AppError('route_not_found');
  if (status === 405) return new AppError('method_not_allowed');
  if (status === 413) return new AppError('too_large', { limit: '3 MiB' });
  if (status === 415) return new AppError('unsupported_media_type');
  if (status !== null && status >= 400 && status < 500)
    return new AppError(
      'invalid_request',
      {},
      { issues: [{ path: '', message: error instanceof SyntaxError ? 'the body is not valid JSON' : 'the request cannot be read' }] },
    );
  return new AppError('internal', {}, { cause: error });
}

const statusCodeOf = (error: unknown): number | null =>
  error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : null;
