import { RunsPage } from '@/features/apps/runs/runs-page';

export default function Page() {
  return <RunsPage />;
}
