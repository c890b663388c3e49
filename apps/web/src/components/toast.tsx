'use client';
import { Toast } from '@base-ui/react/toast';
import { X } from 'lucide-react';
import { type ReactNode, useCallback } from 'react';
import { AnnounceProvider } from './announce';

const undoMs = 20_000;

export function ToastProvider({ children }: { children: ReactNode }) {
  return (
    <Toast.Provider limit={3} timeout={6000}>
      <AnnounceProvider>{children}</AnnounceProvider>
      <Toast.Portal>
        <Toast.Viewport className="fixed inset-x-4 bottom-20 z-50 flex flex-col gap-2 sm:inset-x-auto sm:end-6 sm:bottom-6 sm:w-96">
          <Toasts />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

function Toasts() {
  const { toasts } = Toast.useToastManager();
  return toasts.map((toast) => (
    <Toast.Root
      key={toast.id}
      toast={toast}
      swipeDirection="right"
      className="rounded-panel border bg-surface shadow-float transition-opacity duration-[180ms] data-ending-style:opacity-0 data-limited:hidden data-starting-style:opacity-0"
    >
      <Toast.Content className="flex items-center gap-3 px-3 py-2.5 text-sm">
        <div className="min-w-0 flex-1">
          <Toast.Title className="font-medium text-sm" />
          <Toast.Description className="break-words text-muted text-xs" />
        </div>
        <Toast.Action className="h-7 shrink-0 rounded-control border border-edge px-2.5 font-medium text-xs hover:bg-hover" />
        <Toast.Close aria-label="Dismiss" className="grid size-7 shrink-0 place-items-center rounded-control text-muted hover:bg-hover">
          <X size={14} strokeWidth={1.75} aria-hidden />
        </Toast.Close>
      </Toast.Content>
    </Toast.Root>
  ));
}

export interface ToastText {
  title: string;
  description?: string;
  /** Keeps the toast for 20 s; hover, focus and a hidden tab stop its clock. */
  undo?: () => void;
}

/** Shows a short word about an act; never what must be acted on. Answers its id, by which `update` goes on: asked → done → verdict. */
export function useToast(): { show: (text: ToastText) => string; update: (id: string, text: ToastText) => void } {
  const { add, update, close } = Toast.useToastManager();
  const options = useCallback(
    ({ title, description, undo }: ToastText, id?: string) => ({
      title,
      description,
      timeout: undo ? undoMs : 6000,
      actionProps: undo
        ? {
            children: 'Undo',
            onClick: () => {
              undo();
              if (id) close(id);
            },
          }
        : undefined,
    }),
    [close],
  );
  const show = useCallback((text: ToastText) => add(options(text)), [add, options]);
  const change = useCallback((id: string, text: ToastText) => update(id, options(text, id)), [update, options]);
  return { show, update: change };
}
