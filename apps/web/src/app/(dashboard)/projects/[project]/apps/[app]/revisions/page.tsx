import { RevisionsPage } from '@/features/apps/revisions/revisions-page';

export default function Page() {
  return <RevisionsPage />;
}
