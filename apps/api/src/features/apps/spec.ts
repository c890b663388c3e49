import { AppName, AppSpec } from '@fairlead/shared';
import { AppError } from '../../platform/app-error.js';

/** @throws AppError invalid_request with the field below `spec` */
export function checkSpec(value: unknown): AppSpec {
  const parsed = AppSpec.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues
    .slice(0, 50)
    .map((issue) => ({ path: ['spec', ...issue.path.map(String)].join('.'), message: issue.message }));
  throw new AppError('invalid_request', {}, { issues });
}

/** @throws AppError invalid_request for what is no name of an app */
export function checkName(value: string): void {
  const parsed = AppName.safeParse(value);
  if (!parsed.success)
    throw new AppError('invalid_request', {}, { issues: parsed.error.issues.map(({ message }) => ({ path: 'app', message })) });
}
