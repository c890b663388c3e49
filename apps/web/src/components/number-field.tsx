'use client';
import { NumberField as BaseNumber } from '@base-ui/react/number-field';
import { Minus, Plus } from 'lucide-react';
import { Field, type Labelled } from './field';

/** A whole number with its steps; null while nothing valid is typed. */
export function NumberField({
  label,
  hint,
  error,
  bare,
  value,
  onChange,
  min = 0,
  max,
  name,
}: Labelled & { value: number | null; onChange: (value: number | null) => void; min?: number; max?: number; name?: string }) {
  const step = 'grid h-full w-8 place-items-center text-muted hover:bg-hover hover:text-text data-disabled:opacity-40 pointer-coarse:w-11';
  return (
    <Field label={label} hint={hint} error={error} bare={bare}>
      {(ids) => (
        <BaseNumber.Root id={ids.id} name={name} value={value} onValueChange={onChange} min={min} max={max} format={{ useGrouping: false }}>
          <BaseNumber.Group className="flex h-8 w-36 overflow-hidden rounded-control border border-edge bg-surface pointer-coarse:h-11">
            <BaseNumber.Decrement className={step} aria-label={`Less ${label.toLowerCase()}`}>
              <Minus size={16} strokeWidth={1.75} aria-hidden />
            </BaseNumber.Decrement>
            <BaseNumber.Input
              aria-describedby={ids['aria-describedby']}
              aria-invalid={ids['aria-invalid']}
              className="w-full min-w-0 border-line border-x bg-transparent text-center text-sm tabular-nums pointer-coarse:text-lg"
            />
            <BaseNumber.Increment className={step} aria-label={`More ${label.toLowerCase()}`}>
              <Plus size={16} strokeWidth={1.75} aria-hidden />
            </BaseNumber.Increment>
          </BaseNumber.Group>
        </BaseNumber.Root>
      )}
    </Field>
  );
}
