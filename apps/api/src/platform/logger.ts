import { type DestinationStream, pino } from 'pino';

/** Log once, at the edge, with a constant sentence; facts go into fields. Never a header, a body, a token or a URL's query. */
export type Logger = Pick<pino.Logger, 'debug' | 'info' | 'warn' | 'error'>;

export const LOGGER = Symbol('Logger');

export function createLogger(level: string, to: DestinationStream = pino.destination(1)): Logger {
  const options: pino.LoggerOptions = {
    level,
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    // An allow-list of what an error may show: no config, no headers, no request hangs on it.
    serializers: { error: describeError },
  };
  return pino(options, to);
}

export function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error).slice(0, 500);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return {
    name: error.name,
    message: error.message.slice(0, 1000),
    code,
    stack: error.stack
      ?.split('\n')
      .slice(1, 8)
      .map((line) => line.trim()),
    cause: error.cause ? describeError(error.cause) : undefined,
  };
}
