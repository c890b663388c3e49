'use client';
import { Plus, Trash2 } from 'lucide-react';
import { Button } from '@/components/button';
import { TextField } from '@/components/field';
import { readEnvText } from './env-text';
import type { SpecForm } from './spec-form';

type Env = SpecForm['env'];

/** Names and values; pasted lines like NAME=value become rows of their own. */
export function EnvEditor({ env, onChange, error }: { env: Env; onChange: (env: Env) => void; error?: string }) {
  const nextKey = env.reduce((max, { key }) => Math.max(max, key), 0) + 1;
  const change = (key: number, part: Partial<Env[number]>) => onChange(env.map((one) => (one.key === key ? { ...one, ...part } : one)));
  const paste = (event: React.ClipboardEvent, key: number) => {
    const read = readEnvText(event.clipboardData.getData('text'));
    if (!read || !(event.target instanceof HTMLInputElement)) return;
    event.preventDefault();
    const rest = env.filter((one) => one.key !== key || one.name !== '' || one.value !== '');
    onChange([...rest, ...read.map((one, index) => ({ ...one, key: nextKey + index }))]);
  };
  return (
    <fieldset>
      <legend className="mb-1 font-medium text-sm">Variables</legend>
      <div className="flex flex-col gap-1.5">
        {env.map(({ key, name, value }, index) => (
          <div key={key} className="grid grid-cols-[2fr_3fr_auto] items-start gap-1.5" onPaste={(event) => paste(event, key)}>
            <TextField
              bare
              label={`Name ${index + 1}`}
              placeholder="NAME"
              mono
              value={name}
              onChange={(next) => change(key, { name: next })}
            />
            <TextField
              bare
              label={`Value ${index + 1}`}
              placeholder="value"
              mono
              value={value}
              onChange={(next) => change(key, { value: next })}
            />
            <Button
              variant="quiet"
              shape="icon"
              label={`Without ${name || `variable ${index + 1}`}`}
              onClick={() => onChange(env.filter((one) => one.key !== key))}
            >
              <Trash2 size={16} strokeWidth={1.75} aria-hidden />
            </Button>
          </div>
        ))}
      </div>
      {error ? <p className="mt-1 text-bad text-xs">{error}</p> : null}
      <div className="mt-1.5 flex flex-wrap items-center gap-2">
        <Button size="small" onClick={() => onChange([...env, { key: nextKey, name: '', value: '' }])}>
          <Plus size={14} strokeWidth={1.75} aria-hidden />
          Variable
        </Button>
        <span className="text-muted text-xs">Whoever sees the app sees these. Lines like NAME=value can be pasted.</span>
      </div>
    </fieldset>
  );
}
