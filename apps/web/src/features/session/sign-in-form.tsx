'use client';
import type { Me } from '@fairlead/shared';
import { Button } from '@/components/button';
import { ErrorBox } from '@/components/error-box';
import { TextField } from '@/components/field';
import { useAct } from '@/lib/ask';
import { onSubmit, useForm } from '@/lib/form';
import { routes } from '@/lib/routes';

/** Name and password; takes paste and password managers. */
export function SignInForm({ username = '', onSignedIn }: { username?: string; onSignedIn: (me: Me) => void }) {
  const form = useForm({ username, password: '' });
  const signIn = useAct(routes.signIn);
  const submit = () => signIn.mutate({ body: form.values }, { onSuccess: onSignedIn, onError: (error) => form.fail(error) });
  return (
    <form onSubmit={onSubmit(submit)} className="flex flex-col gap-4">
      <TextField
        label="Name"
        name="username"
        autoComplete="username"
        autoFocus={!username}
        value={form.values.username}
        onChange={(value) => form.set('username', value)}
        error={form.issue('username')}
        required
      />
      <TextField
        label="Password"
        name="password"
        type="password"
        autoComplete="current-password"
        autoFocus={Boolean(username)}
        value={form.values.password}
        onChange={(value) => form.set('password', value)}
        error={form.issue('password')}
        required
      />
      {form.rest ? <ErrorBox error={form.rest} /> : null}
      <Button type="submit" variant="primary" size="large" shape="wide" busy={signIn.isPending}>
        Sign in
      </Button>
    </form>
  );
}
