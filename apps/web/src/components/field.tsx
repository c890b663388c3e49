'use client';
import { ChevronDown } from 'lucide-react';
import { type ReactNode, type Ref, useId } from 'react';

const control =
  'w-full rounded-control border border-edge bg-surface px-2.5 text-sm text-text placeholder:text-muted aria-invalid:border-bad-solid pointer-coarse:text-lg';

export interface Labelled {
  label: string;
  hint?: ReactNode;
  error?: string | null;
  /** The label is read aloud but not drawn. */
  bare?: boolean;
}

/** Label, control, hint and error, tied together for those who do not see them. */
export function Field({ label, hint, error, bare, children }: Labelled & { children: (ids: FieldIds) => ReactNode }) {
  const id = useId();
  const described = [error ? `${id}-error` : null, hint ? `${id}-hint` : null].filter(Boolean).join(' ') || undefined;
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <label htmlFor={id} className={bare ? 'sr-only' : 'font-medium text-sm'}>
        {label}
      </label>
      {children({ id, 'aria-describedby': described, 'aria-invalid': error ? true : undefined })}
      {error ? (
        <p id={`${id}-error`} className="text-bad text-xs">
          {error}
        </p>
      ) : null}
      {hint ? (
        <p id={`${id}-hint`} className="text-muted text-xs">
          {hint}
        </p>
      ) : null}
    </div>
  );
}

interface FieldIds {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': true | undefined;
}

interface TextProps extends Labelled {
  name?: string;
  value: string;
  onChange: (value: string) => void;
  type?: 'text' | 'password' | 'search' | 'datetime-local' | 'email';
  placeholder?: string;
  autoComplete?: string;
  autoFocus?: boolean;
  required?: boolean;
  readOnly?: boolean;
  mono?: boolean;
  maxLength?: number;
  onBlur?: () => void;
  /** Id of a datalist. */
  list?: string;
  ref?: Ref<HTMLInputElement>;
}

export function TextField({ label, hint, error, bare, onChange, mono, autoFocus, type = 'text', ...rest }: TextProps) {
  return (
    <Field label={label} hint={hint} error={error} bare={bare}>
      {(ids) => (
        <input
          {...ids}
          {...rest}
          type={type}
          // biome-ignore lint/a11y/noAutofocus: a form that was asked for begins in its first field
          autoFocus={autoFocus}
          spellCheck={false}
          autoCapitalize="none"
          onChange={(event) => onChange(event.target.value)}
          className={`${control} h-8 pointer-coarse:h-11 ${mono ? 'font-mono' : ''}`}
        />
      )}
    </Field>
  );
}

export function TextArea({
  label,
  hint,
  error,
  bare,
  value,
  onChange,
  rows = 10,
  placeholder,
  name,
  readOnly,
}: Labelled & {
  value: string;
  onChange: (value: string) => void;
  rows?: number;
  placeholder?: string;
  name?: string;
  readOnly?: boolean;
}) {
  return (
    <Field label={label} hint={hint} error={error} bare={bare}>
      {(ids) => (
        <textarea
          {...ids}
          name={name}
          value={value}
          rows={rows}
          placeholder={placeholder}
          readOnly={readOnly}
          spellCheck={false}
          onChange={(event) => onChange(event.target.value)}
          className={`${control} resize-y bg-sunken py-2 font-mono leading-5`}
        />
      )}
    </Field>
  );
}

export function SelectField<T extends string>({
  label,
  hint,
  error,
  bare,
  value,
  onChange,
  options,
  name,
}: Labelled & { value: T; onChange: (value: T) => void; options: readonly { value: T; label: string }[]; name?: string }) {
  return (
    <Field label={label} hint={hint} error={error} bare={bare}>
      {(ids) => (
        <span className="relative block">
          <select
            {...ids}
            name={name}
            value={value}
            onChange={(event) => {
              const chosen = options.find((option) => option.value === event.target.value);
              if (chosen) onChange(chosen.value);
            }}
            className={`${control} h-8 appearance-none pe-8 pointer-coarse:h-11`}
          >
            {options.map((option) => (
              <option key={option.value} value={option.value}>
                {option.label}
              </option>
            ))}
          </select>
          <ChevronDown
            size={16}
            strokeWidth={1.75}
            aria-hidden
            className="pointer-events-none absolute inset-y-0 end-2 my-auto text-muted"
          />
        </span>
      )}
    </Field>
  );
}

export function Checkbox({
  label,
  hint,
  checked,
  onChange,
  disabled,
}: {
  label: ReactNode;
  hint?: ReactNode;
  checked: boolean;
  onChange: (checked: boolean) => void;
  disabled?: boolean;
}) {
  const id = useId();
  return (
    <div className="flex items-start gap-2 py-1">
      <input
        id={id}
        type="checkbox"
        checked={checked}
        disabled={disabled}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={(event) => onChange(event.target.checked)}
        className="mt-0.5 size-4 shrink-0 accent-(--accent)"
      />
      <div className="min-w-0">
        <label htmlFor={id} className="text-sm">
          {label}
        </label>
        {hint ? (
          <p id={`${id}-hint`} className="text-muted text-xs">
            {hint}
          </p>
        ) : null}
      </div>
    </div>
  );
}
