import type { AppNetwork } from '@fairlead/shared';
import { Empty } from '@/components/empty';
import { Panel } from '@/components/panel';
import { useApp } from '../app/app-context';

/** Every policy of the namespace, read-only: also those that others keep. */
export function PoliciesPanel({ network }: { network: AppNetwork }) {
  const { app } = useApp();
  const { policies } = network;
  return (
    <Panel title={`Policies in ${app.namespace}`} count={policies.length} flush>
      {policies.length === 0 ? (
        <Empty kind="nothing" title={`No network policy in ${app.namespace}`}>
          Without one, a cluster lets every pod reach every other.
        </Empty>
      ) : (
        <ul>
          {policies.map((policy) => (
            <li key={policy.name} className="border-b px-3 py-2 text-sm last:border-b-0">
              <p className="flex flex-wrap items-baseline gap-x-2">
                <span className="break-all font-medium">{policy.name}</span>
                <span className="text-muted text-xs">
                  {policy.ofApp ? 'made by this app' : `kept by ${policy.manager ?? 'somebody who left no name'}`} ·{' '}
                  {policy.selectsApp ? "selects this app's pods" : "does not select this app's pods"}
                </span>
              </p>
              <ul className="text-muted">
                {policy.words.map((sentence) => (
                  <li key={sentence} className="break-words">
                    {sentence}
                  </li>
                ))}
              </ul>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
