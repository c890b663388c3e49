'use client';
import type { App } from '@fairlead/shared';
import { useId } from 'react';
import { AsCommand } from '@/components/as-command';
import { Panel } from '@/components/panel';
import { useToast } from '@/components/toast';
import { useAct } from '@/lib/ask';
import { routes } from '@/lib/routes';
import { useApp } from '../app/app-context';
import { commandTarget } from '../app/command-target';
import { policiesCommands } from '../commands';

type Policies = App['policies'];

const choices = {
  wayBack: {
    title: 'When a rollout fails',
    options: [
      { value: 'auto', label: 'Go back by itself', hint: 'to the last revision that served; the failed one stays for reading' },
      { value: 'off', label: 'Leave it', hint: 'and say why' },
    ],
  },
  drift: {
    title: 'When somebody changes it in the cluster',
    options: [
      { value: 'show', label: 'Show it', hint: 'with who did it; put back on demand' },
      { value: 'correct', label: 'Put it back at once', hint: 'at most three times in ten minutes' },
      { value: 'off', label: 'Do not look', hint: 'the next change of the app asks about it' },
    ],
  },
} as const;

/** What Fairlead does with the app by itself, as the project's own robot. */
export function PoliciesPanel() {
  const { app, project, lacks } = useApp();
  const { show } = useToast();
  const change = useAct(routes.changePolicies, [routes.getApp, routes.listAudit]);
  const refused = lacks('Changing it', 'apps.change');
  const set = (body: Partial<Policies>) =>
    change.mutate(
      { params: { project, app: app.id }, body },
      { onError: (error) => show({ title: 'Not changed', description: error.message }) },
    );
  return (
    <Panel
      title="By itself"
      actions={<AsCommand what={`What ${app.name} does by itself`} commands={policiesCommands(commandTarget(app), app.policies)} />}
    >
      <div className="flex flex-col gap-4">
        {(Object.keys(choices) as (keyof Policies)[]).map((name) => (
          <Choice key={name} name={name} value={app.policies[name]} busy={change.isPending || refused !== null} onChange={set} />
        ))}
        {refused ? <p className="text-muted text-sm">{refused}</p> : null}
      </div>
    </Panel>
  );
}

function Choice({
  name,
  value,
  busy,
  onChange,
}: {
  name: keyof Policies;
  value: string;
  busy: boolean;
  onChange: (body: Partial<Policies>) => void;
}) {
  const id = useId();
  const { title, options } = choices[name];
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="mb-1 font-medium text-sm">{title}</legend>
      {options.map((option) => (
        <label key={option.value} className="flex min-h-6 items-start gap-2 text-sm">
          <input
            type="radio"
            name={id}
            className="mt-1"
            checked={value === option.value}
            disabled={busy}
            onChange={() => onChange({ [name]: option.value })}
          />
          <span>
            {option.label} <span className="text-muted">{option.hint}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
