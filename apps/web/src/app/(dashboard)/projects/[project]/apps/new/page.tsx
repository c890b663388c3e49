import { DeployPage } from '@/features/apps/deploy/deploy-page';

export default async function Page({ params }: { params: Promise<{ project: string }> }) {
  return <DeployPage project={decodeURIComponent((await params).project)} />;
}
