'use client';
import type { Token } from '@fairlead/shared';
import { type ReactNode, useState } from 'react';
import { ApiError } from '@/lib/api';
import type { Status } from '@/lib/status';
import { Ago, Until, useNow } from '@/lib/time';
import { Button } from '../button';
import { ConfirmDialog } from '../confirm-dialog';
import { type Column, ResourceTable } from '../resource-table';
import { StatusWord } from '../status-word';
import { useToast } from '../toast';

/** Tokens with what they are narrowed to, their last use and their end. */
export function TokenTable({ tokens, onRevoke, empty }: { tokens: Token[]; onRevoke: (token: Token) => Promise<void>; empty: ReactNode }) {
  const [revoking, setRevoking] = useState<Token | null>(null);
  const now = useNow(0);
  return (
    <>
      <ResourceTable label="Tokens" rows={tokens} keyOf={(token) => token.id} columns={columnsFor(setRevoking, now)} empty={empty} />
      {revoking ? <RevokeDialog token={revoking} onClose={() => setRevoking(null)} onRevoke={onRevoke} /> : null}
    </>
  );
}

function tokenStatus(token: Token, now: number): Status {
  if (token.revokedAt) return { word: 'Revoked', tone: 'idle', icon: 'ban' };
  if (now > 0 && Date.parse(token.expiresAt) <= now) return { word: 'Ended', tone: 'idle', icon: 'clock' };
  return { word: 'Active', tone: 'ok', icon: 'lock-open' };
}

function columnsFor(revoke: (token: Token) => void, now: number): Column<Token>[] {
  return [
    {
      id: 'name',
      head: 'Name',
      small: 'main',
      sortBy: (token) => token.name,
      cell: (token) => <span className="break-words font-medium">{token.name}</span>,
    },
    { id: 'state', head: 'State', small: 'side', cell: (token) => <StatusWord status={tokenStatus(token, now)} /> },
    { id: 'narrow', head: 'Allows', cell: (token) => <span className="text-muted">{narrowed(token)}</span> },
    {
      id: 'used',
      head: 'Last used',
      sortBy: (token) => token.lastUsedAt,
      cell: (token) => (token.lastUsedAt ? <Ago at={token.lastUsedAt} /> : <span className="text-muted">never</span>),
    },
    { id: 'ends', head: 'Ends', sortBy: (token) => token.expiresAt, cell: (token) => <Until at={token.expiresAt} /> },
    { id: 'made', head: 'Made', from: 'sm', sortBy: (token) => token.createdAt, cell: (token) => <Ago at={token.createdAt} /> },
    {
      id: 'act',
      head: '',
      align: 'end',
      cell: (token) =>
        tokenStatus(token, now).word === 'Active' ? (
          <Button size="small" variant="quiet" onClick={() => revoke(token)}>
            Revoke
          </Button>
        ) : null,
    },
  ];
}

/** What a token may: everything its owner may, but for these. */
function narrowed(token: Token): string {
  const parts = [
    token.readOnly ? 'read only' : null,
    token.clusters ? `on ${token.clusters.map(({ name }) => name).join(', ')}` : null,
    token.projects ? `in ${token.projects.map(({ name }) => name).join(', ')}` : null,
  ].filter(Boolean);
  return parts.length === 0 ? 'all that its owner may' : parts.join(', ');
}

function RevokeDialog({ token, onClose, onRevoke }: { token: Token; onClose: () => void; onRevoke: (token: Token) => Promise<void> }) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const { show } = useToast();
  const revoke = async () => {
    setBusy(true);
    try {
      await onRevoke(token);
      onClose();
      show({ title: `${token.name} is revoked` });
    } catch (failure) {
      if (failure instanceof ApiError) setError(failure);
      else throw failure;
    } finally {
      setBusy(false);
    }
  };
  return (
    <ConfirmDialog
      open
      level={1}
      onClose={onClose}
      title={`Revoke ${token.name}`}
      act={`Revoke ${token.name}`}
      busy={busy}
      error={error}
      onConfirm={() => void revoke()}
    >
      <p>It stops at once, with every stream and shell that it opened. A revoked token does not come back: make a new one.</p>
    </ConfirmDialog>
  );
}
