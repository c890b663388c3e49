import { AdoptPage } from '@/features/apps/adopt/adopt-page';

export default async function Page({ params }: { params: Promise<{ project: string }> }) {
  return <AdoptPage project={decodeURIComponent((await params).project)} />;
}
