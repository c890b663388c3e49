'use client';
import { Button } from '@/components/button';
import { Empty } from '@/components/empty';

/** Keeps the shell. A chunk that is gone means that a newer version was started. */
export default function PageError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  const outdated = /chunk|module/i.test(error.message);
  return (
    <Empty
      kind="unreachable"
      title={outdated ? 'A new version of Fairlead is out' : 'This page failed to show'}
      action={
        <Button variant="primary" onClick={outdated ? () => window.location.reload() : reset}>
          {outdated ? 'Reload' : 'Show it again'}
        </Button>
      }
    >
      {outdated ? 'This tab still runs the one before.' : error.message}
    </Empty>
  );
}
