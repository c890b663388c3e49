import { SettingsPage } from '@/features/apps/settings/settings-page';

export default function Page() {
  return <SettingsPage />;
}
