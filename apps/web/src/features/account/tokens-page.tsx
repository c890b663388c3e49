'use client';
import { KeyRound } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Asked } from '@/components/asked';
import { Button } from '@/components/button';
import { Empty } from '@/components/empty';
import { PageHeader } from '@/components/page-header';
import { Panel } from '@/components/panel';
import { CreateTokenDialog } from '@/components/tokens/create-token-dialog';
import { TokenTable } from '@/components/tokens/token-table';
import { useAct, useAsk } from '@/lib/ask';
import { useKey } from '@/lib/keys';
import { routes } from '@/lib/routes';
import { AccountTabs } from './account-page';

/** The own API tokens, and (as children) kubeconfigs, which hold tokens too. */
export function TokensPage({ children }: { children: ReactNode }) {
  const tokens = useAsk(routes.listTokens, { query: { limit: 500 } });
  const create = useAct(routes.createToken, [routes.listTokens]);
  const revoke = useAct(routes.revokeToken, [routes.listTokens]);
  const [creating, setCreating] = useState(false);
  useKey('n', () => setCreating(true));
  const button = (
    <Button variant="primary" keys="n" onClick={() => setCreating(true)}>
      <KeyRound size={16} strokeWidth={1.75} aria-hidden />
      Create token
    </Button>
  );
  return (
    <>
      <AccountTabs />
      <PageHeader title="Tokens and kubeconfig" context="Account" actions={button} />
      <div className="flex flex-col gap-4">
        <Panel title="API tokens" count={tokens.data?.items.length} flush>
          <Asked answer={tokens} waitingFor="your tokens">
            {({ items }) => (
              <TokenTable
                tokens={items}
                onRevoke={async (token) => void (await revoke.mutateAsync({ params: { token: token.id } }))}
                empty={
                  <Empty kind="nothing" title="No tokens yet" action={button}>
                    A token lets a script or kubectl act as you, as narrowly as you say.
                  </Empty>
                }
              />
            )}
          </Asked>
        </Panel>
        {children}
      </div>
      <CreateTokenDialog
        open={creating}
        onClose={() => setCreating(false)}
        onCreate={(body) => create.mutateAsync({ body })}
        busy={create.isPending}
      />
    </>
  );
}
