'use client';
import type { AppRow, ConflictChoice } from '@fairlead/shared';
import { useCallback, useState } from 'react';
import { useToast } from '@/components/toast';
import { ApiError, call } from '@/lib/api';
import { useRefresh } from '@/lib/ask';
import { serverNow } from '@/lib/clock';
import { routes } from '@/lib/routes';
import { useNow } from '@/lib/time';
import { settled } from './settled';
import { undoneFailed } from './text';

interface Asked {
  replicas: number;
  /** null until the API has accepted it. */
  revision: number | null;
  auditId: string | null;
  at: number;
}

const lateMs = 10_000;

/**
 * Asks for another size. `asked` stays beside the true size until the cluster has answered that revision; after 10 s without an answer it is
 * `late`. A toast undoes it by asking for the size before.
 */
export function useScale(row: AppRow | undefined, at: { project: string; app: string; name: string }) {
  const [last, setLast] = useState<Asked | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  /** The size asked for last, for who was refused and decides. */
  const [wish, setWish] = useState(0);
  const { show } = useToast();
  const refresh = useRefresh();
  const asked = last && !(last.revision !== null && settled(row, last.revision)) ? last : null;
  const now = useNow(asked?.at ?? 0);
  const before = row?.status?.replicas?.wanted ?? null;
  const { project, app, name } = at;

  const ask = useCallback(
    async (replicas: number, conflicts: ConflictChoice[] = []) => {
      setError(null);
      setLast({ replicas, revision: null, auditId: null, at: serverNow() });
      const accepted = await call(routes.scaleApp, { params: { project, app }, body: { replicas, conflicts } });
      setLast({ replicas, revision: accepted.revision.number, auditId: accepted.auditId, at: serverNow() });
      refresh(routes.getApp, routes.listRevisions, routes.listAudit);
    },
    [project, app, refresh],
  );

  const scale = async (replicas: number, conflicts: ConflictChoice[] = []) => {
    setWish(replicas);
    try {
      await ask(replicas, conflicts);
    } catch (failure) {
      setLast(null);
      setError(failure instanceof ApiError ? failure : null);
      return;
    }
    show({
      title: `Asked: ${name} at ${replicas}`,
      description: before === null ? undefined : `It was ${before}.`,
      undo:
        before === null
          ? undefined
          : () => {
              ask(before).catch((failure: unknown) => {
                setLast(null);
                show({ title: undoneFailed, description: failure instanceof Error ? failure.message : undefined });
              });
            },
    });
  };
  return { wish, asked, late: asked !== null && now - asked.at > lateMs, error, scale };
}
