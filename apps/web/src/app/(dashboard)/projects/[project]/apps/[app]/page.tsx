import { AppOverviewPage } from '@/features/apps/app/overview-page';

export default function Page() {
  return <AppOverviewPage />;
}
