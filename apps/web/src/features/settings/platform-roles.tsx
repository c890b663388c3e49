'use client';
import type { PlatformRole } from '@fairlead/shared';
import { Checkbox } from '@/components/field';

const words: Record<PlatformRole, string> = {
  admin: 'Manages users, clusters and projects. Gives no right inside a project.',
  auditor: 'Reads the whole audit log.',
};

export function PlatformRoles({ value, onChange }: { value: PlatformRole[]; onChange: (value: PlatformRole[]) => void }) {
  return (
    <fieldset>
      <legend className="font-medium text-sm">On the platform</legend>
      {(['admin', 'auditor'] as const).map((role) => (
        <Checkbox
          key={role}
          label={role}
          hint={words[role]}
          checked={value.includes(role)}
          onChange={(on) => onChange(on ? [...value, role] : value.filter((one) => one !== role))}
        />
      ))}
    </fieldset>
  );
}
