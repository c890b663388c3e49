import { MembersPage } from '@/features/projects/members-page';

export default async function Page({ params }: { params: Promise<{ project: string }> }) {
  return <MembersPage project={decodeURIComponent((await params).project)} />;
}
