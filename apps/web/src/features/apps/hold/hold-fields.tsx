'use client';
import { Checkbox, SelectField, TextField } from '@/components/field';
import { type HoldLength, holdLengths } from './hold-words';

export interface HoldForm {
  on: boolean;
  length: HoldLength;
  reason: string;
}

export const noHold: HoldForm = { on: false, length: 'lifted', reason: '' };

/** Part of a rollback: what would put the old state forward again is kept from it. */
export function HoldFields({ form, onChange }: { form: HoldForm; onChange: (form: HoldForm) => void }) {
  return (
    <fieldset className="flex flex-col gap-2 rounded-panel border p-3">
      <legend className="sr-only">Hold</legend>
      <Checkbox
        label="Hold it there"
        hint="Robots and API tokens (pipelines, webhooks) are refused until the hold is lifted; people are warned."
        checked={form.on}
        onChange={(on) => onChange({ ...form, on })}
      />
      {form.on ? (
        <div className="grid gap-3 sm:grid-cols-2">
          <TextField
            label="Why"
            value={form.reason}
            onChange={(reason) => onChange({ ...form, reason })}
            placeholder="orders are lost with the new version"
            error={form.reason.trim() !== '' && form.reason.trim().length < 3 ? 'say why' : undefined}
          />
          <SelectField label="How long" value={form.length} onChange={(length) => onChange({ ...form, length })} options={holdLengths} />
        </div>
      ) : null}
    </fieldset>
  );
}
