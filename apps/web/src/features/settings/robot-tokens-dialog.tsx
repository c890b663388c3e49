'use client';
import type { Robot } from '@fairlead/shared';
import { useState } from 'react';
import { Asked } from '@/components/asked';
import { Button } from '@/components/button';
import { Actions, Dialog } from '@/components/dialog';
import { Empty } from '@/components/empty';
import { CreateTokenDialog } from '@/components/tokens/create-token-dialog';
import { TokenTable } from '@/components/tokens/token-table';
import { useAct, useAsk } from '@/lib/ask';
import { routes } from '@/lib/routes';

export function RobotTokensDialog({ robot, onClose }: { robot: Robot; onClose: () => void }) {
  const tokens = useAsk(routes.listRobotTokens, { params: { robot: robot.id }, query: { limit: 500 } });
  const create = useAct(routes.createRobotToken, [routes.listRobotTokens]);
  const revoke = useAct(routes.revokeRobotToken, [routes.listRobotTokens]);
  const [creating, setCreating] = useState(false);
  return (
    <>
      <Dialog open onClose={onClose} size="large" title={`Tokens of ${robot.displayName}`}>
        <Asked answer={tokens} waitingFor="the tokens">
          {({ items }) => (
            <TokenTable
              tokens={items}
              onRevoke={async (token) => void (await revoke.mutateAsync({ params: { robot: robot.id, token: token.id } }))}
              empty={<Empty kind="nothing" title="No tokens yet" />}
            />
          )}
        </Asked>
        <Actions>
          <Button variant="primary" onClick={() => setCreating(true)}>
            Create token
          </Button>
        </Actions>
      </Dialog>
      <CreateTokenDialog
        owner={robot.displayName}
        open={creating}
        onClose={() => setCreating(false)}
        onCreate={(body) => create.mutateAsync({ params: { robot: robot.id }, body })}
        busy={create.isPending}
      />
    </>
  );
}
