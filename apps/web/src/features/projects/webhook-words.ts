import type { Webhook, WebhookDelivery, WebhookEvent } from '@fairlead/shared';

/** What each event tells, in the order in which they are offered. */
export const eventWords: Record<WebhookEvent, string> = {
  'revision.created': 'a new revision: deploy, scale, rollback, delete',
  'rollout.serving': 'a rollout serves',
  'rollout.failed': 'a rollout failed, with its cause',
  'drift.found': 'somebody changed an app in the cluster',
  'drift.corrected': 'such a change was put back',
  'pod.healed': 'a lost pod was replaced and is ready',
};
export const allEvents = Object.keys(eventWords) as WebhookEvent[];

/** The rest of the URL may be a key, and is long. */
export const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : url);

export const eventsOf = ({ events }: Pick<Webhook, 'events'>): string =>
  events.length === allEvents.length ? 'everything' : events.join(', ');

/** What came of a try, for the toast and the spoken word. */
export function resultOf({ state, lastStatus, lastError }: Pick<WebhookDelivery, 'state' | 'lastStatus' | 'lastError'>): string {
  if (state === 'delivered') return `Delivered: it answered ${lastStatus}`;
  if (lastError) return `Not delivered: ${lastError}`;
  return 'It waits for its turn';
}
