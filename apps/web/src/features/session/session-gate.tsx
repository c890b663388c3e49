'use client';
import { useQueryClient } from '@tanstack/react-query';
import { usePathname, useRouter } from 'next/navigation';
import { type ReactNode, useEffect, useState } from 'react';
import { ChangePasswordForm } from '@/components/change-password-form';
import { Dialog } from '@/components/dialog';
import { Empty } from '@/components/empty';
import { ErrorBox } from '@/components/error-box';
import { useAsk } from '@/lib/ask';
import { useLiveClient } from '@/lib/live/use-live';
import { routes } from '@/lib/routes';
import { sessionEnded } from '@/lib/session-ended';
import { Entrance } from './entrance';
import { SessionEnding } from './session-ending';
import { SignInForm } from './sign-in-form';

/**
 * Shows the dashboard to those who are signed in. Without a session it goes to the sign-in page; when a session ends on an open page, it asks
 * in a dialog over it, so that nothing typed is lost.
 */
export function SessionGate({ children }: { children: ReactNode }) {
  const me = useAsk(routes.getMe, {});
  const router = useRouter();
  const path = usePathname();
  const client = useQueryClient();
  const live = useLiveClient();
  const [asking, setAsking] = useState<'no' | 'early' | 'ended'>('no');
  const known = me.data;
  const refused = me.error?.status === 401 && !known;
  const signedIn = known !== undefined;
  useEffect(() => (signedIn ? live.start() : undefined), [signedIn, live]);
  useEffect(() => sessionEnded.subscribe(() => setAsking('ended')), []);
  useEffect(() => {
    if (refused) router.replace(`/sign-in?next=${encodeURIComponent(path + window.location.search)}`);
  }, [refused, path, router]);

  if (!known) {
    if (refused || me.isPending) return null;
    return (
      <main className="mx-auto max-w-160 p-6">
        <Empty kind="unreachable" title="Fairlead does not answer">
          The page asks again when you come back to it.
        </Empty>
        {me.error ? <ErrorBox error={me.error} onRetry={() => void me.refetch()} /> : null}
      </main>
    );
  }
  if (known.mustChangePassword) {
    return (
      <Entrance title="Choose a password" lead="Yours was generated. Nothing else is open until it is changed.">
        <ChangePasswordForm username={known.name} onChanged={() => void client.invalidateQueries()} />
      </Entrance>
    );
  }
  const signedInAgain = (name: string) => {
    // Another person must not see what this page holds.
    if (name !== known.name) window.location.assign('/');
    setAsking('no');
    live.retryNow();
    void client.invalidateQueries();
  };
  return (
    <>
      {children}
      <SessionEnding me={known} onSignIn={() => setAsking('early')} />
      <Dialog
        open={asking !== 'no'}
        onClose={() => setAsking('no')}
        locked={asking === 'ended'}
        title={asking === 'ended' ? 'Your session has ended' : 'Sign in again'}
        description="The page and what you typed stay as they are."
      >
        <SignInForm username={known.name} onSignedIn={(again) => signedInAgain(again.name)} />
      </Dialog>
    </>
  );
}
