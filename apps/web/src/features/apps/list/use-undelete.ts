'use client';
import { useAct } from '@/lib/ask';
import { routes } from '@/lib/routes';

/** Brings a deleted app back. */
export const useUndelete = () =>
  useAct(routes.undoDeleteApp, [
    routes.listDeletedApps,
    routes.listApps,
    routes.getApp,
    routes.listProjects,
    routes.getProject,
    routes.listAudit,
  ]);
