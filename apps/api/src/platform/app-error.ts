import { type ErrorBody, type ErrorCode, errorMessage, errorTable, type Issue, type Receipt } from '@fairlead/shared';

interface Extra {
  issues?: Issue[];
  receipt?: Receipt;
  details?: Record<string, unknown>;
  cause?: unknown;
}

/** An error that its caller can name. The table of codes, HTTP statuses and sentences is in the contract. */
export class AppError extends Error {
  readonly status: number;
  readonly issues?: Issue[];
  readonly receipt?: Receipt;
  readonly details?: Record<string, unknown>;

  constructor(
    readonly code: ErrorCode,
    params: Record<string, string | number> = {},
    { issues, receipt, details, cause }: Extra = {},
  ) {
    super(errorMessage(code, params), { cause });
    this.name = 'AppError';
    this.status = errorTable[code][0];
    if (issues) this.issues = issues;
    if (receipt) this.receipt = receipt;
    if (details) this.details = details;
  }

  toBody(requestId: string): ErrorBody {
    const { code, message, issues, receipt, details } = this;
    return { code, message, requestId, ...(issues && { issues }), ...(receipt && { receipt }), ...(details && { details }) };
  }
}

/** Something that must never be: the answer is 500 and the log has the sentence. */
export class InvariantError extends Error {
  override name = 'InvariantError';
}
