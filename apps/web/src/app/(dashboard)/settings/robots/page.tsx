import { RobotsPage } from '@/features/settings/robots-page';

export default function Page() {
  return <RobotsPage />;
}
