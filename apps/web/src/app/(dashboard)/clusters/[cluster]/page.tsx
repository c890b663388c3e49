import { ClusterPage } from '@/features/clusters/cluster-page';

export default async function Page({ params }: { params: Promise<{ cluster: string }> }) {
  return <ClusterPage name={decodeURIComponent((await params).cluster)} />;
}
