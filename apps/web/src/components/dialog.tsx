'use client';
import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import type { ReactNode, RefObject } from 'react';

/** A dialog over the page; full screen below 640 px. Focus goes back to what opened it. */
export function Dialog({
  open,
  onClose,
  title,
  description,
  children,
  size = 'medium',
  initialFocus,
  locked,
}: {
  open: boolean;
  onClose: () => void;
  title: string;
  description?: ReactNode;
  children: ReactNode;
  size?: 'medium' | 'large';
  initialFocus?: RefObject<HTMLElement | null>;
  /** Cannot be left without an answer. */
  locked?: boolean;
}) {
  return (
    <Base.Root open={open} onOpenChange={(next) => (next || locked ? undefined : onClose())} disablePointerDismissal={locked}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-scrim transition-opacity duration-[180ms] data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Base.Popup
          initialFocus={initialFocus}
          className={`fixed inset-0 z-40 flex flex-col overflow-hidden bg-surface transition-[opacity,scale] duration-[180ms] data-ending-style:scale-[.98] data-starting-style:scale-[.98] data-ending-style:opacity-0 data-starting-style:opacity-0 sm:inset-auto sm:top-[10vh] sm:left-1/2 sm:max-h-[80vh] sm:-translate-x-1/2 sm:rounded-dialog sm:border sm:shadow-float ${size === 'large' ? 'sm:w-[min(56rem,calc(100vw-3rem))]' : 'sm:w-[min(32rem,calc(100vw-3rem))]'}`}
        >
          <header className="flex items-start gap-3 border-b px-5 py-3">
            <div className="min-w-0 flex-1">
              <Base.Title className="font-semibold text-lg">{title}</Base.Title>
              {description ? <Base.Description className="text-muted text-sm">{description}</Base.Description> : null}
            </div>
            {locked ? null : (
              // No tooltip of ours: open, it would take the Escape that is meant for the dialog.
              <button
                type="button"
                aria-label="Close"
                title="Close"
                onClick={onClose}
                className="grid size-7 shrink-0 place-items-center rounded-control hover:bg-hover pointer-coarse:size-11"
              >
                <X size={16} strokeWidth={1.75} aria-hidden />
              </button>
            )}
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto px-5 py-4">{children}</div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

/** The row of buttons that ends a dialog or form: the act last. */
export function Actions({ children }: { children: ReactNode }) {
  return <div className="mt-5 flex flex-wrap items-center justify-end gap-2">{children}</div>;
}
