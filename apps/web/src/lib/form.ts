'use client';
import { type FormEvent, useState } from 'react';
import type { ApiError } from './api';

/**
 * A form's values with the issues of the last attempt beside their fields. An issue leaves when its field changes. `rest` is the error when
 * it belongs to no field that is shown.
 */
export function useForm<V extends Record<string, unknown>>(initial: V, fields: Record<string, string> = {}) {
  const [values, setValues] = useState(initial);
  const [error, setError] = useState<ApiError | null>(null);
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const pathOf = (field: string) => fields[field] ?? field;
  const issue = (field: string) => (touched.has(field) ? undefined : error?.issue(pathOf(field)));
  const shown = Object.keys(initial).some((field) => error?.issue(pathOf(field)));
  return {
    values,
    issue,
    rest: error && !shown ? error : null,
    set: <K extends keyof V & string>(field: K, value: V[K]) => {
      setValues((old) => ({ ...old, [field]: value }));
      setTouched((old) => new Set(old).add(field));
    },
    reset: () => setValues(initial),
    fail: (next: ApiError | null) => {
      setError(next);
      setTouched(new Set());
      if (next) requestAnimationFrame(() => document.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
    },
  };
}

export const onSubmit = (act: () => void) => (event: FormEvent) => {
  event.preventDefault();
  act();
};
