'use client';
import { useAct } from '@/lib/ask';
import { onSubmit, useForm } from '@/lib/form';
import { routes } from '@/lib/routes';
import { Button } from './button';
import { ErrorBox } from './error-box';
import { TextField } from './field';

const least = 12;

/** The own password; every other session ends. */
export function ChangePasswordForm({ username, onChanged }: { username: string; onChanged: () => void }) {
  const form = useForm({ current: '', next: '' });
  const change = useAct(routes.changePassword, [routes.getMe, routes.listSessions]);
  const submit = () =>
    change.mutate(
      { body: form.values },
      {
        onSuccess: () => {
          form.reset();
          onChanged();
        },
        onError: (error) => form.fail(error),
      },
    );
  return (
    <form onSubmit={onSubmit(submit)} className="flex flex-col gap-4">
      <input type="text" name="username" autoComplete="username" value={username} readOnly hidden />
      <TextField
        label="Current password"
        type="password"
        autoComplete="current-password"
        value={form.values.current}
        onChange={(value) => form.set('current', value)}
        error={form.issue('current')}
        required
      />
      <TextField
        label="New password"
        type="password"
        autoComplete="new-password"
        value={form.values.next}
        onChange={(value) => form.set('next', value)}
        error={form.issue('next')}
        hint={`At least ${least} characters. A few words in a row are good.`}
        required
      />
      {form.rest ? <ErrorBox error={form.rest} /> : null}
      <div>
        <Button
          type="submit"
          variant="primary"
          busy={change.isPending}
          refused={form.values.next.length >= least ? null : `The new password needs at least ${least} characters`}
        >
          Change password
        </Button>
      </div>
    </form>
  );
}
