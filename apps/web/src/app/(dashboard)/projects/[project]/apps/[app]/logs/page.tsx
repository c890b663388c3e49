'use client';
import { usePodTarget } from '@/features/apps/app/pod-target';
import { LogsPage } from '@/features/pods/logs/logs-page';

export default function Page() {
  return <LogsPage target={usePodTarget()} />;
}
