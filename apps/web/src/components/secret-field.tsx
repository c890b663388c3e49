'use client';
import { Eye, EyeOff } from 'lucide-react';
import { useState } from 'react';
import { Button } from './button';
import { Field, type Labelled } from './field';

const control =
  'w-full min-w-0 rounded-control border border-edge bg-surface px-2.5 font-mono text-sm text-text placeholder:text-muted aria-invalid:border-bad-solid pointer-coarse:text-lg';
// What a password manager would offer here is somebody's password, not this value.
const untouched = {
  autoComplete: 'off',
  spellCheck: false,
  autoCapitalize: 'none',
  'data-1p-ignore': true,
  'data-lpignore': 'true',
} as const;

/** A value that is typed once and never shown again. Dots until asked; a pasted key keeps its lines. */
export function SecretField({
  value,
  onChange,
  placeholder,
  autoFocus,
  ...labelled
}: Labelled & { value: string; onChange: (value: string) => void; placeholder?: string; autoFocus?: boolean }) {
  const [shown, setShown] = useState(false);
  const lines = value.includes('\n');
  const paste = (event: React.ClipboardEvent<HTMLInputElement>) => {
    const text = event.clipboardData.getData('text');
    if (!text.trimEnd().includes('\n')) return;
    // An input of one line would drop the breaks of a pasted key.
    event.preventDefault();
    const { selectionStart, selectionEnd } = event.currentTarget;
    onChange(value.slice(0, selectionStart ?? 0) + text + value.slice(selectionEnd ?? value.length));
  };
  return (
    <Field {...labelled}>
      {(ids) => (
        <div className="flex items-start gap-1">
          {lines ? (
            <textarea
              {...ids}
              {...untouched}
              rows={4}
              value={value}
              onChange={(event) => onChange(event.target.value)}
              style={shown ? undefined : ({ WebkitTextSecurity: 'disc' } as React.CSSProperties)}
              className={`${control} resize-y py-2 leading-5`}
            />
          ) : (
            <input
              {...ids}
              {...untouched}
              autoComplete="new-password"
              type={shown ? 'text' : 'password'}
              value={value}
              placeholder={placeholder}
              // biome-ignore lint/a11y/noAutofocus: a form that was asked for begins in its first field
              autoFocus={autoFocus}
              onPaste={paste}
              onChange={(event) => onChange(event.target.value)}
              className={`${control} h-8 pointer-coarse:h-11`}
            />
          )}
          <Button
            variant="quiet"
            shape="icon"
            label={`${shown ? 'Hide' : 'Show'} ${labelled.label.toLowerCase()}`}
            onClick={() => setShown(!shown)}
          >
            {shown ? <EyeOff size={16} strokeWidth={1.75} aria-hidden /> : <Eye size={16} strokeWidth={1.75} aria-hidden />}
          </Button>
        </div>
      )}
    </Field>
  );
}
