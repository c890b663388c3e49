import { ProjectSettingsPage } from '@/features/projects/project-settings-page';

export default async function Page({ params }: { params: Promise<{ project: string }> }) {
  return <ProjectSettingsPage project={decodeURIComponent((await params).project)} />;
}
