'use client';
import { useEffect } from 'react';

/** Sets the tab's title: "web: Degraded · shop · Fairlead". */
export function useTitle(...parts: (string | undefined | null)[]): void {
  const title = [...parts.filter(Boolean), 'Fairlead'].join(' · ');
  useEffect(() => {
    document.title = title;
  }, [title]);
}
