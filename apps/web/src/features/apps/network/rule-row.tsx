'use client';
import { X } from 'lucide-react';
import { Button } from '@/components/button';
import { SelectField, TextField } from '@/components/field';
import { lackOf, type PeerKind, peerKinds, type RuleDraft } from './rule-draft';

const words: Record<PeerKind, string> = {
  project: 'Apps of this project',
  namespace: 'This namespace',
  app: 'An app',
  'other-namespace': 'A namespace',
  labels: 'Namespaces with labels',
  cidr: 'Addresses',
  anywhere: 'Anywhere',
};
const options = peerKinds.map((value) => ({ value, label: words[value] }));

const fields: Partial<Record<PeerKind, { value: string; more?: string; placeholder: string }>> = {
  app: { value: 'App', more: 'In namespace (if not this one)', placeholder: 'till' },
  'other-namespace': { value: 'Namespace', placeholder: 'ingress-nginx' },
  labels: { value: 'Labels', placeholder: 'team=web' },
  cidr: { value: 'Range', more: 'But not', placeholder: '10.0.0.0/8' },
};

/** One rule: who, and on which ports. `title` names it for those who do not see where it stands. */
export function RuleRow({
  title,
  rule,
  side,
  shown,
  onChange,
  onRemove,
}: {
  title: string;
  rule: RuleDraft;
  side: 'From' | 'To';
  /** Say what is missing now, rather than while it is typed. */
  shown: boolean;
  onChange: (rule: RuleDraft) => void;
  onRemove: () => void;
}) {
  const asked = fields[rule.kind];
  const lack = lackOf(rule);
  const ofPorts = lack?.startsWith('Ports');
  return (
    <fieldset className="grid gap-2 rounded-panel border p-2 sm:grid-cols-[11rem_minmax(0,1fr)_9rem_auto] sm:items-start">
      <legend className="sr-only">{title}</legend>
      <SelectField label={side} value={rule.kind} options={options} onChange={(kind) => onChange({ ...rule, kind, value: '', more: '' })} />
      <div className="flex min-w-0 flex-col gap-2">
        {asked ? (
          <TextField
            label={asked.value}
            value={rule.value}
            placeholder={asked.placeholder}
            mono
            error={shown && lack && !ofPorts ? lack : null}
            onChange={(value) => onChange({ ...rule, value })}
          />
        ) : null}
        {asked?.more ? <TextField label={asked.more} value={rule.more} mono onChange={(more) => onChange({ ...rule, more })} /> : null}
      </div>
      <TextField
        label="Ports"
        value={rule.ports}
        placeholder="every port"
        mono
        error={ofPorts ? lack : null}
        onChange={(ports) => onChange({ ...rule, ports })}
      />
      <div className="sm:pt-6">
        <Button variant="quiet" size="small" shape="icon" label={`Remove ${title}`} onClick={onRemove}>
          <X size={16} strokeWidth={1.75} aria-hidden />
        </Button>
      </div>
    </fieldset>
  );
}
