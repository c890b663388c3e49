'use client';
import { usePodTarget } from '@/features/apps/app/pod-target';
import { TerminalPage } from '@/features/pods/terminal/terminal-page';

export default function Page() {
  return <TerminalPage target={usePodTarget()} />;
}
