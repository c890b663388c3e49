'use client';
import type { AppNetwork } from '@fairlead/shared';
import { type ReactNode, useState } from 'react';
import { Button } from '@/components/button';
import { Panel } from '@/components/panel';
import { useApp } from '../app/app-context';
import { ReachDiagram } from './reach-diagram';
import { RulesDialog } from './rules-dialog';

/** Who → app → to whom, in words and as a drawing, and the way to change it. */
export function ReachPanel({ network, actions }: { network: AppNetwork; actions: ReactNode }) {
  const { app, lacks } = useApp();
  const [editing, setEditing] = useState(false);
  const refused =
    app.spec.kind === 'image'
      ? lacks('Setting network rules', 'apps.network')
      : 'This app is kept as YAML: write its NetworkPolicy there, in Settings';
  return (
    <Panel
      title="Who may reach it"
      actions={
        <>
          {actions}
          <Button refused={refused} onClick={() => setEditing(true)}>
            {app.spec.kind === 'image' && app.spec.network ? 'Change rules…' : 'Set rules…'}
          </Button>
        </>
      }
    >
      <ReachDiagram name={app.name} network={network} />
      <ul className="mt-4 flex flex-col gap-1 border-t pt-3 text-muted text-xs">
        {network.caveats.map((caveat) => (
          <li key={caveat}>{caveat}</li>
        ))}
      </ul>
      {editing ? <RulesDialog network={network} onClose={() => setEditing(false)} /> : null}
    </Panel>
  );
}
