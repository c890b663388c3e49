import type { ReactNode } from 'react';
import { ProjectFrame } from '@/features/projects/project-frame';

export default async function ProjectLayout({ params, children }: { params: Promise<{ project: string }>; children: ReactNode }) {
  return <ProjectFrame project={decodeURIComponent((await params).project)}>{children}</ProjectFrame>;
}
