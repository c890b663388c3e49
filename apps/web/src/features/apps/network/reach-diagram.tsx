import type { AppNetwork, Reach, ReachRule } from '@fairlead/shared';
import { ArrowDown, ArrowRight, Ban } from 'lucide-react';
import { StatusWord } from '@/components/status-word';
import { reachStatus } from './reach-words';

/** The drawing is its own text: two lists and a box between them, in reading order; arrows are for the eye alone. */
export function ReachDiagram({ name, network }: { name: string; network: AppNetwork }) {
  const { ingress, egress } = network;
  return (
    <div className="grid items-stretch gap-2 sm:grid-cols-[minmax(0,1fr)_auto_minmax(6rem,auto)_auto_minmax(0,1fr)]">
      <Side title={`May reach ${name}`} reach={ingress} everybody="everything in the cluster" nobody="nobody" />
      <Arrow closed={ingress.state === 'closed'} />
      <div
        className="grid place-items-center rounded-panel border-2 border-accent px-4 py-3 text-center font-semibold"
        data-testid="reach-app"
      >
        <span className="max-w-48 break-words">{name}</span>
      </div>
      <Arrow closed={egress.state === 'closed'} />
      <Side title={`${name} may reach`} reach={egress} everybody="everything" nobody="nothing" />
    </div>
  );
}

function Side({ title, reach, everybody, nobody }: { title: string; reach: Reach; everybody: string; nobody: string }) {
  const rules: Pick<ReachRule, 'who' | 'ports' | 'policy'>[] =
    reach.rules.length > 0 ? reach.rules : [{ who: reach.state === 'closed' ? nobody : everybody, ports: [], policy: '' }];
  return (
    <section aria-label={title} className="min-w-0">
      <h3 className="mb-1 flex flex-wrap items-center gap-x-2 text-sm">
        <span className="font-medium">{title}</span>
        <StatusWord status={reachStatus(reach.state)} size="small" />
      </h3>
      <p className="mb-2 text-muted text-sm">{reach.words}</p>
      <ul className="flex flex-col gap-1.5">
        {rules.map((rule, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two policies may say the same
          <li key={`${i} ${rule.policy} ${rule.who}`} className="rounded-control border px-2.5 py-1.5 text-sm">
            <span className="break-words">{rule.who}</span>
            <span className="block text-muted text-xs">
              {rule.ports.length > 0 ? `on ${rule.ports.join(', ')}` : 'on every port'}
              {rule.policy ? ` · ${rule.policy}` : ''}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Arrow({ closed }: { closed: boolean }) {
  const Wide = closed ? Ban : ArrowRight;
  const Narrow = closed ? Ban : ArrowDown;
  return (
    <div aria-hidden className="grid place-items-center text-muted">
      <Wide size={20} strokeWidth={1.75} className="max-sm:hidden" />
      <Narrow size={20} strokeWidth={1.75} className="sm:hidden" />
    </div>
  );
}
