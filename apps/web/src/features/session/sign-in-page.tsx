'use client';
import type { Me } from '@fairlead/shared';
import { useQueryClient } from '@tanstack/react-query';
import { useRouter, useSearchParams } from 'next/navigation';
import { useState } from 'react';
import { ChangePasswordForm } from '@/components/change-password-form';
import { useTitle } from '@/lib/titles';
import { Entrance } from './entrance';
import { SignInForm } from './sign-in-form';

/** Signs in, asks a generated password to be changed, and goes back to where one wanted to be. */
export function SignInPage() {
  const router = useRouter();
  const next = safeNext(useSearchParams().get('next'));
  const client = useQueryClient();
  const [me, setMe] = useState<Me | null>(null);
  useTitle('Sign in');
  const go = () => {
    client.clear();
    router.replace(next);
  };
  if (me) {
    return (
      <Entrance title="Choose a password" lead="The one you used was generated. Nothing else is open until it is changed.">
        <ChangePasswordForm username={me.name} onChanged={go} />
      </Entrance>
    );
  }
  return (
    <Entrance title="Sign in" lead={next === '/' ? undefined : 'You go on to the page you wanted.'}>
      <SignInForm onSignedIn={(signedIn) => (signedIn.mustChangePassword ? setMe(signedIn) : go())} />
    </Entrance>
  );
}

/** Only paths of this site: a link must not lead elsewhere after signing in. */
export function safeNext(next: string | null): string {
  if (!next?.startsWith('/') || next.startsWith('//') || next.includes('\\')) return '/';
  return next.startsWith('/sign-in') ? '/' : next;
}
