'use client';
import { Plus, Trash2 } from 'lucide-react';
import { Button } from '@/components/button';
import { TextField } from '@/components/field';
import { SecretField } from '@/components/secret-field';
import type { SpecForm } from './spec-form';

type Secrets = SpecForm['secrets'];

/** Secrets of an app that is to be: a name, a value, and where the container finds it as a file if it shall. */
export function SecretsEditor({ secrets, onChange, error }: { secrets: Secrets; onChange: (secrets: Secrets) => void; error?: string }) {
  const nextKey = secrets.reduce((max, { key }) => Math.max(max, key), 0) + 1;
  const change = (key: number, part: Partial<Secrets[number]>) =>
    onChange(secrets.map((one) => (one.key === key ? { ...one, ...part } : one)));
  return (
    <fieldset>
      <legend className="mb-1 font-medium text-sm">Secrets</legend>
      <div className="flex flex-col gap-1.5">
        {secrets.map(({ key, name, value, path }, index) => (
          <div key={key} className="grid grid-cols-[1fr_auto] items-start gap-1.5 sm:grid-cols-[2fr_3fr_2fr_auto]">
            <TextField
              bare
              label={`Secret name ${index + 1}`}
              placeholder="DB_PASSWORD"
              mono
              value={name}
              onChange={(next) => change(key, { name: next })}
            />
            <div className="col-start-1 sm:col-start-auto">
              <SecretField
                bare
                label={`Secret value ${index + 1}`}
                placeholder="value"
                value={value}
                onChange={(next) => change(key, { value: next })}
              />
            </div>
            <div className="col-start-1 sm:col-start-auto">
              <TextField
                bare
                label={`File path of secret ${index + 1} (optional)`}
                placeholder="/etc/app/key"
                mono
                value={path}
                onChange={(next) => change(key, { path: next })}
              />
            </div>
            <div className="col-start-2 row-start-1 sm:col-start-auto">
              <Button
                variant="quiet"
                shape="icon"
                label={`Without ${name || `secret ${index + 1}`}`}
                onClick={() => onChange(secrets.filter((one) => one.key !== key))}
              >
                <Trash2 size={16} strokeWidth={1.75} aria-hidden />
              </Button>
            </div>
          </div>
        ))}
      </div>
      {error ? <p className="mt-1 text-bad text-xs">{error}</p> : null}
      <div className="mt-1.5 flex flex-wrap items-center gap-2">
        <Button size="small" onClick={() => onChange([...secrets, { key: nextKey, name: '', value: '', path: '' }])}>
          <Plus size={14} strokeWidth={1.75} aria-hidden />
          Secret
        </Button>
        <span className="text-muted text-xs">Write-only: a variable, or with a path a file. Nobody is shown it here again.</span>
      </div>
    </fieldset>
  );
}
