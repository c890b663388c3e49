import { ClustersPage } from '@/features/clusters/clusters-page';

export default function Page() {
  return <ClustersPage />;
}
