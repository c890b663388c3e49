'use client';
import { Tooltip } from '@base-ui/react/tooltip';
import type { ReactElement } from 'react';

/** A hint for one control: by pointer or focus, gone on Escape. */
export function Tip({ text, children }: { text: string; children: ReactElement }) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger render={children} />
      <Tooltip.Portal>
        <Tooltip.Positioner sideOffset={6} className="z-50">
          <Tooltip.Popup className="max-w-80 rounded-control border bg-surface px-2 py-1 text-text text-xs shadow-float transition-opacity duration-[120ms] data-ending-style:opacity-0 data-starting-style:opacity-0">
            {text}
          </Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
