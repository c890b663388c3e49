'use client';
import { useRouter } from 'next/navigation';
import { useCallback } from 'react';
import { useToast } from '@/components/toast';
import { ApiError, call } from '@/lib/api';
import { paths } from '@/lib/paths';
import { routes } from '@/lib/routes';
import type { Command, Target } from './grammar';

/** Does what a command says: at once where an Undo follows, by the page that shows the diff where not. */
export function useRunCommand(): (command: Command) => Promise<void> {
  const router = useRouter();
  const { show } = useToast();

  const attempt = useCallback(
    async (title: string, act: () => Promise<unknown>, undo?: () => Promise<unknown>) => {
      try {
        await act();
        show({
          title,
          undo: undo && (() => void undo().catch((error: unknown) => show({ title: 'Not undone', description: sentenceOf(error) }))),
        });
      } catch (error) {
        show({ title: 'Not done', description: sentenceOf(error) });
      }
    },
    [show],
  );

  return useCallback(
    async (command) => {
      const { target } = command;
      const params = { project: target.project, app: target.id };
      const scale = (replicas: number) => call(routes.scaleApp, { params, body: { replicas } });
      switch (command.verb) {
        case 'scale':
        case 'sleep': {
          const replicas = command.verb === 'sleep' ? 0 : command.replicas;
          const before = target.replicas;
          return attempt(`Asked: ${target.name} at ${replicas}`, () => scale(replicas), before === null ? undefined : () => scale(before));
        }
        case 'deploy':
          return attempt(
            `Asked: ${target.name} with ${command.image}`,
            () => call(routes.changeApp, { params, body: { spec: { image: command.image } }, ifMatch: target.revision }),
            () => call(routes.rollbackApp, { params, body: { revision: target.revision } }),
          );
        case 'restart':
          return attempt(`Asked: ${target.name} restarts`, () => call(routes.restartApp, { params }));
        case 'rollback':
          router.push(`${appPath(target, paths.revisions)}${command.revision === null ? '' : `?to=${command.revision}`}`);
          return;
        case 'logs':
          router.push(`${appPath(target, paths.logs)}${command.previous ? '?previous=true' : ''}`);
          return;
        case 'shell':
          router.push(appPath(target, paths.terminal));
          return;
        default:
          return command satisfies never;
      }
    },
    [attempt, router],
  );
}

export const appPath = (target: Target, page: (project: string, app: string) => string) => page(target.project, target.ref);

const sentenceOf = (error: unknown) => (error instanceof ApiError ? error.message : 'Fairlead does not answer.');
