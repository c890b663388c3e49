'use client';
import type { ReactNode } from 'react';
import { SessionGate } from '@/features/session/session-gate';
import { Shell } from '@/features/shell/shell';
import { LiveProvider } from '@/lib/live/use-live';

export default function DashboardLayout({ children }: { children: ReactNode }) {
  return (
    <LiveProvider>
      <SessionGate>
        <Shell>{children}</Shell>
      </SessionGate>
    </LiveProvider>
  );
}
