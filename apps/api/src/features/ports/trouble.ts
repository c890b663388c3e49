/** Why a request at an opened port's host name is not answered by the app: code → HTTP status, title, and what helps. */
export const troubles = {
  not_open: [
    401,
    'This address is not open for you',
    'Open the port from the app’s page in Fairlead: the address works in the browser that opened the link.',
  ],
  link_used: [410, 'This link was used already', 'A link opens once. Open the port again from the app’s page in Fairlead.'],
  link_expired: [410, 'This link is too old', 'A link is good for a minute. Open the port again from the app’s page in Fairlead.'],
  closed: [410, 'This port is closed', 'Open it again from the app’s page in Fairlead, if you may.'],
  rights_unknown: [503, 'Your rights cannot be checked at the moment', 'Try again shortly.'],
  other_site: [403, 'This request comes from another site', 'Only pages of this address may use it.'],
  bad_request: [400, 'This request cannot be passed on', ''],
  refused: [403, 'The cluster does not let you', ''],
  pod_gone: [502, 'The pod is gone', 'Open a port of a pod that runs, or of the Service.'],
  no_pod: [502, 'No pod answers', 'Wait until a pod is ready, or look at the app’s page for what keeps it.'],
  nothing_listens: [
    502,
    'Nothing listens on this port',
    'The pod is reached, and the port is closed: does the program listen on it, and on 0.0.0.0 or localhost?',
  ],
  no_http: [502, 'What listens here does not speak HTTP', 'Use kubectl port-forward for it.'],
  broken: [502, 'The connection to the pod was lost', 'Try again.'],
  away: [503, 'The cluster does not answer', 'Try again shortly.'],
  too_slow: [504, 'The app does not answer', 'It was asked and said nothing for two minutes.'],
  failed: [500, 'Something failed inside Fairlead', ''],
} as const satisfies Record<string, readonly [status: number, title: string, help: string]>;
export type TroubleCode = keyof typeof troubles;

export class Trouble extends Error {
  override readonly name = 'Trouble';

  constructor(
    readonly code: TroubleCode,
    readonly detail = '',
  ) {
    super(`${troubles[code][1]}${detail === '' ? '' : `: ${detail}`}`);
  }

  get status(): number {
    return troubles[this.code][0];
  }
}
