import { AppsPage } from '@/features/apps/list/apps-page';

export default async function Page({ params }: { params: Promise<{ project: string }> }) {
  return <AppsPage project={decodeURIComponent((await params).project)} />;
}
