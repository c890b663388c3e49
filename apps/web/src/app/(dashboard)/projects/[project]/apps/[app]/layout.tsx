import type { ReactNode } from 'react';
import { AppFrame } from '@/features/apps/app/app-frame';

export default async function AppLayout({ params, children }: { params: Promise<{ project: string; app: string }>; children: ReactNode }) {
  const { project, app } = await params;
  return (
    <AppFrame project={decodeURIComponent(project)} app={decodeURIComponent(app)}>
      {children}
    </AppFrame>
  );
}
