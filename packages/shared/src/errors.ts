import { z } from 'zod';

/** Every error of the REST API: code → HTTP status and the sentence for a person. `{name}` is filled from the error's params. */
export const errorTable = {
  invalid_request: [400, 'The request is not valid.'],
  invalid_kubeconfig: [400, 'The kubeconfig cannot be used: {field}: {reason}'],
  invalid_manifest: [400, 'The manifest cannot be used: {where}: {reason}'],
  not_signed_in: [401, 'Sign in, or send a valid bearer token.'],
  wrong_credentials: [401, 'The name or the password is wrong.'],
  token_expired: [401, 'The token has expired or was revoked.'],
  forbidden: [403, '{reason}'],
  wrong_origin: [403, 'The request comes from another site.'],
  password_change_needed: [403, 'Change the generated password first: POST /api/v1/me/password.'],
  not_found: [404, 'There is no {what} {name}, or you may not see it.'],
  route_not_found: [404, 'There is no such route. See /api/docs.'],
  method_not_allowed: [405, 'The route does not take this method.'],
  name_taken: [409, 'Another {what} is called {name} already.'],
  namespace_taken: [409, 'The namespace {namespace} on {cluster} {reason}'],
  ambiguous_name: [409, 'The name {name} stands for several apps: add ?cluster= and ?namespace=, or use an id.'],
  revision_conflict: [409, 'The app is at revision {current}, not {expected}: someone changed it meanwhile.'],
  undo_conflict: [409, 'Revision {revision} of {app} cannot be undone by itself: {field} was changed again since.'],
  field_conflict: [
    409,
    '{field} of {object} was set by {owner}{more}: say in `conflicts` what to take over and what to leave. Nothing was changed.',
  ],
  plan_changed: [409, 'What lives in the cluster changed since the plan was made: plan again.'],
  conflict: [409, '{reason}'],
  idempotency_running: [409, 'A request with this Idempotency-Key still runs: ask again in a moment.'],
  confirm_name: [409, 'Deleting {name} needs its name in `confirm`.'],
  last_admin: [409, 'This is the last platform admin that can sign in.'],
  too_large: [413, 'The body is larger than {limit}.'],
  unsupported_media_type: [415, 'Send application/json.'],
  apply_failed: [422, 'The cluster refused {object}: {reason}'],
  plan_blocked: [422, 'The plan is blocked: {reason}'],
  idempotency_mismatch: [422, 'This Idempotency-Key was used for another request: take a new one.'],
  app_held: [
    423,
    '{app} is {held}. Robots and API tokens do not change it meanwhile; a person lifts it in the dashboard, or with DELETE …/apps/{app}/hold.',
  ],
  precondition_required: [428, 'Send If-Match with the revision that you changed, for example "{current}".'],
  too_many_attempts: [429, 'Too many attempts. Try again in {seconds} s.'],
  ports_unavailable: [409, '{reason}'],
  busy: [429, 'Too many requests at once. Try again in a second.'],
  internal: [500, 'Something failed inside Fairlead; the request id finds it in the log.'],
  cluster_refused: [502, 'The cluster {cluster} refused: {reason}'],
  cluster_unreachable: [503, 'The cluster {cluster} does not answer: {reason}'],
  cluster_not_ready: [503, 'The cluster {cluster} is not ready for this: {reason}'],
  database_unavailable: [503, 'The database does not answer; nothing was changed. Try again shortly.'],
  audit_unavailable: [503, 'The audit log cannot be written, so nothing was done. Try again shortly.'],
} as const satisfies Record<string, readonly [status: number, message: string]>;
export type ErrorCode = keyof typeof errorTable;

export const Issue = z.object({ path: z.string(), message: z.string() });
export type Issue = z.infer<typeof Issue>;

/** A refusal's facts: what was asked, what was lacked, which role has it and who can give it. */
export const Receipt = z.object({
  verb: z.string(),
  resource: z.string(),
  scope: z.string(),
  needs: z.string().nullable().describe('The weakest role that would allow it; null when no role does.'),
  has: z.string().nullable().describe("The caller's role there; null when the caller has none."),
  askFor: z.array(z.string()).describe('Names of people who can give it.'),
});
export type Receipt = z.infer<typeof Receipt>;

export const ErrorBody = z.object({
  code: z.string(),
  message: z.string(),
  requestId: z.string(),
  issues: z.array(Issue).optional(),
  receipt: Receipt.optional(),
  details: z.record(z.string(), z.unknown()).optional(),
});
export type ErrorBody = z.infer<typeof ErrorBody>;

/** The sentence of an error with its params filled in; an unknown param stays empty. */
export function errorMessage(code: ErrorCode, params: Record<string, string | number> = {}): string {
  return errorTable[code][1].replace(/\{(\w+)\}/g, (_, key: string) => String(params[key] ?? ''));
}
