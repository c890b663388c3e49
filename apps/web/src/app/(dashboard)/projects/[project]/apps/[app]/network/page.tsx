import { NetworkPage } from '@/features/apps/network/network-page';

export default function Page() {
  return <NetworkPage />;
}
