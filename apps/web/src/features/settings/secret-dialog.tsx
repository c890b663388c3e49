'use client';
import { Button } from '@/components/button';
import { CopyButton } from '@/components/copy-button';
import { Actions, Dialog } from '@/components/dialog';

/** A generated password: shown once. */
export function SecretDialog({ user, password, onClose }: { user: string; password: string; onClose: () => void }) {
  return (
    <Dialog open locked onClose={onClose} title={`Password of ${user}`} description="Shown once. They change it at their first sign-in.">
      <div className="flex items-center gap-2 rounded-panel border bg-sunken p-3">
        <code className="min-w-0 flex-1 break-all font-mono" data-testid="new-password">
          {password}
        </code>
        <CopyButton text={password} label="Copy password" showLabel />
      </div>
      <Actions>
        <Button variant="primary" onClick={onClose}>
          I have passed it on
        </Button>
      </Actions>
    </Dialog>
  );
}
