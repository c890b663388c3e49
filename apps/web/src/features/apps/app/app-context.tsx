'use client';
import type { App, AppRow, AppStatus, ProjectPermission } from '@fairlead/shared';
import { createContext, useContext } from 'react';
import type { TopicState } from '@/lib/live/topic-store';

export interface AppHandle {
  /** Asked: what is wanted. */
  app: App;
  /** Told: what is true; undefined until the first answer. */
  row: AppRow | undefined;
  status: AppStatus | null;
  state: TopicState;
  /** The project as the address names it. */
  project: string;
  /** The app as the address names it. */
  ref: string;
  /** Why this person may not; null when they may try. */
  lacks: (act: string, permission: ProjectPermission) => string | null;
}

const AppContext = createContext<AppHandle | null>(null);
export const AppContextProvider = AppContext;

/** The app of the page; only inside AppFrame. */
export function useApp(): AppHandle {
  const handle = useContext(AppContext);
  if (!handle) throw new Error('useApp needs an AppFrame');
  return handle;
}
