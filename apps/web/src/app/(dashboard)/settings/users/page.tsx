import { UsersPage } from '@/features/settings/users-page';

export default function Page() {
  return <UsersPage />;
}
