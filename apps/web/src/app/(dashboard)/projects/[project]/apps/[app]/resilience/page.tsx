import { ResiliencePage } from '@/features/apps/resilience/resilience-page';

export default function Page() {
  return <ResiliencePage />;
}
