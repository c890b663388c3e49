'use client';
import type { User } from '@fairlead/shared';
import { useState } from 'react';
import { Button } from '@/components/button';
import { Actions, Dialog } from '@/components/dialog';
import { ErrorBox } from '@/components/error-box';
import { useAct } from '@/lib/ask';
import { onSubmit } from '@/lib/form';
import { routes } from '@/lib/routes';
import { PlatformRoles } from './platform-roles';

export function UserRolesDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const [roles, setRoles] = useState(user.platformRoles);
  const act = useAct(routes.changeUser, [routes.listUsers, routes.getMe]);
  const submit = () => act.mutate({ params: { user: user.id }, body: { platformRoles: roles } }, { onSuccess: onClose });
  return (
    <Dialog open onClose={onClose} title={`Platform roles of ${user.displayName}`}>
      <form onSubmit={onSubmit(submit)} className="flex flex-col gap-4">
        <PlatformRoles value={roles} onChange={setRoles} />
        {act.error ? <ErrorBox error={act.error} /> : null}
        <Actions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={act.isPending}>
            Save roles
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}
