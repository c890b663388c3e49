import type { AppStatus } from '@fairlead/shared';
import { ExternalLink } from 'lucide-react';

/** Only http(s) addresses become links, whatever a route says. */
export const isWebAddress = (address: string): boolean => /^https?:\/\//i.test(address);

/** Where the app answers: its route as a link, else its name inside the cluster. */
export function Address({ status }: { status: Pick<AppStatus, 'address' | 'internalAddress'> | null | undefined }) {
  if (status?.address && isWebAddress(status.address)) {
    return (
      <a
        href={status.address}
        target="_blank"
        rel="noreferrer"
        className="inline-flex items-center gap-1 break-all text-link underline underline-offset-2"
      >
        {status.address.replace(/^https?:\/\//i, '').replace(/\/$/, '')}
        <ExternalLink size={14} strokeWidth={1.75} aria-hidden className="shrink-0" />
      </a>
    );
  }
  if (status?.internalAddress) {
    return (
      <span className="break-all font-mono text-muted text-xs" title="Inside the cluster">
        {status.internalAddress}
      </span>
    );
  }
  return <span className="text-muted">–</span>;
}
