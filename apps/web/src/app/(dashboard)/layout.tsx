'use client';
import { Tooltip } from '@base-ui/react/tooltip';
import { NuqsAdapter } from 'nuqs/adapters/next/app';
import type { ReactNode } from 'react';
import { ToastProvider } from '@/components/toast';
import { SessionGate } from '@/features/session/session-gate';
import { Shell } from '@/features/shell/shell';
import { LiveProvider } from '@/lib/live/use-live';

export default function DashboardLayout({ children }: { children: ReactNode }) {
  return (
    <NuqsAdapter>
      <Tooltip.Provider delay={400}>
        <ToastProvider>
          <LiveProvider>
            <SessionGate>
              <Shell>{children}</Shell>
            </SessionGate>
          </LiveProvider>
        </ToastProvider>
      </Tooltip.Provider>
    </NuqsAdapter>
  );
}
