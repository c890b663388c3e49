import { TokensPage } from '@/features/account/tokens-page';
import { KubeconfigsPanel } from '@/features/clusters/kubeconfigs-panel';

export default function Page() {
  return (
    <TokensPage>
      <KubeconfigsPanel />
    </TokensPage>
  );
}
