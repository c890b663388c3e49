'use client';
import { Filter, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from '@/components/button';
import { Checkbox, SelectField, TextField } from '@/components/field';
import { useZone } from '@/lib/time';
import { type AuditFilter, countOf, fromInput, toInput } from './filters';

const outcomes = [
  { value: '', label: 'any outcome' },
  { value: 'allowed', label: 'allowed' },
  { value: 'refused', label: 'refused' },
  { value: 'failed', label: 'failed' },
  { value: 'started', label: 'still open' },
] as const;
const doors = [
  { value: '', label: 'any door' },
  { value: 'web', label: 'browser' },
  { value: 'rest', label: 'REST' },
  { value: 'kubectl', label: 'kubectl' },
  { value: 'system', label: 'Fairlead itself' },
] as const;

export function AuditFilters({
  filter,
  onChange,
  onClear,
}: {
  filter: AuditFilter;
  onChange: (part: Partial<AuditFilter>) => void;
  onClear: () => void;
}) {
  const zone = useZone();
  const count = countOf(filter);
  const [shown, setShown] = useState(false);
  return (
    <div className="no-print border-b" data-filter>
      <div className="flex items-center gap-2 px-3 py-2 sm:hidden">
        <Button onClick={() => setShown(!shown)}>
          <Filter size={16} strokeWidth={1.75} aria-hidden />
          {count > 0 ? `${count} filters` : 'Filter'}
        </Button>
        {count > 0 ? (
          <Button variant="quiet" onClick={onClear}>
            Clear
          </Button>
        ) : null}
      </div>
      <div className={`grid grid-cols-2 gap-2 p-3 sm:grid-cols-3 lg:grid-cols-5 ${shown ? '' : 'max-sm:hidden'}`}>
        <Typed label="Who" value={filter.actor} onChange={(actor) => onChange({ actor: actor || '' })} placeholder="who" />
        <Typed label="Act" value={filter.action} onChange={(action) => onChange({ action })} placeholder="act: apps.*" />
        <Typed label="Verb" value={filter.verb} onChange={(verb) => onChange({ verb })} placeholder="verb: delete" />
        <Typed label="Project" value={filter.project} onChange={(project) => onChange({ project })} placeholder="project" />
        <Typed label="Cluster" value={filter.cluster} onChange={(cluster) => onChange({ cluster })} placeholder="cluster" />
        <SelectField
          bare
          label="Outcome"
          value={outcomeOf(filter.outcome)}
          onChange={(outcome) => onChange({ outcome })}
          options={outcomes}
        />
        <SelectField bare label="Door" value={doorOf(filter.door)} onChange={(door) => onChange({ door })} options={doors} />
        <div className="max-sm:col-span-2">
          <TextField
            bare
            label="From"
            type="datetime-local"
            value={toInput(filter.from, zone)}
            onChange={(text) => onChange({ from: fromInput(text, zone) })}
          />
        </div>
        <div className="max-sm:col-span-2">
          <TextField
            bare
            label="To"
            type="datetime-local"
            value={toInput(filter.to, zone)}
            onChange={(text) => onChange({ to: fromInput(text, zone) })}
          />
        </div>
        <div className="max-lg:hidden">
          {count > 0 ? (
            <Button variant="quiet" onClick={onClear}>
              <X size={16} strokeWidth={1.75} aria-hidden />
              Clear
            </Button>
          ) : null}
        </div>
        <div className="col-span-full">
          <Checkbox
            label="Only what changes something"
            checked={filter.changes === 'true'}
            onChange={(on) => onChange({ changes: on ? 'true' : '' })}
          />
        </div>
      </div>
    </div>
  );
}

const outcomeOf = (value: string) => outcomes.find((one) => one.value === value)?.value ?? '';
const doorOf = (value: string) => doors.find((one) => one.value === value)?.value ?? '';

/** Asks after a pause in typing, not at every key. */
function Typed({
  label,
  value,
  onChange,
  placeholder,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  placeholder: string;
}) {
  const [text, setText] = useState(value);
  const [known, setKnown] = useState(value);
  if (known !== value) {
    setKnown(value);
    setText(value);
  }
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => onChange(text), 350);
    return () => clearTimeout(timer);
  }, [text, value, onChange]);
  return <TextField bare label={label} value={text} onChange={setText} placeholder={placeholder} autoComplete="off" />;
}
