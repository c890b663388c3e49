import type { AppStatus } from '@fairlead/shared';
import { ExternalLink } from 'lucide-react';
import { middle } from '@/lib/format';

/** Only http(s) addresses become links, whatever a route says. */
export const isWebAddress = (address: string): boolean => /^https?:\/\//i.test(address);

/** Where the app answers: its route as a link, else its name inside the cluster. `short`: on one line, a long one without its middle. */
export function Address({
  status,
  short = false,
}: {
  status: Pick<AppStatus, 'address' | 'internalAddress'> | null | undefined;
  short?: boolean;
}) {
  const line = short ? 'whitespace-nowrap' : 'break-all';
  const text = (address: string) => (short ? middle(address, 28) : address);
  if (status?.address && isWebAddress(status.address)) {
    return (
      <a
        href={status.address}
        target="_blank"
        rel="noreferrer"
        title={short ? status.address : undefined}
        className={`inline-flex items-center gap-1 text-link underline underline-offset-2 ${line}`}
      >
        {text(status.address.replace(/^https?:\/\//i, '').replace(/\/$/, ''))}
        <ExternalLink size={14} strokeWidth={1.75} aria-hidden className="shrink-0" />
      </a>
    );
  }
  if (status?.internalAddress) {
    return (
      <span className={`font-mono text-muted text-xs ${line}`} title={`${status.internalAddress}, inside the cluster`}>
        {text(status.internalAddress)}
      </span>
    );
  }
  return <span className="text-muted">–</span>;
}
