'use client';
import { createContext, type ReactNode, useCallback, useContext, useRef, useState } from 'react';

const AnnounceContext = createContext<(text: string) => void>(() => {});
const quietMs = 3000;

/** Speaks to those who do not see the page: one polite region, at most one sentence in three seconds, the latest wins. */
export const useAnnounce = () => useContext(AnnounceContext);

export function AnnounceProvider({ children }: { children: ReactNode }) {
  const [text, setText] = useState('');
  const waiting = useRef<{ text: string | null; timer: ReturnType<typeof setTimeout> | null }>({ text: null, timer: null });
  const announce = useCallback((next: string) => {
    const state = waiting.current;
    if (state.timer) {
      state.text = next;
      return;
    }
    setText(next);
    state.timer = setTimeout(() => {
      state.timer = null;
      if (state.text !== null) {
        const last = state.text;
        state.text = null;
        setText(last);
      }
    }, quietMs);
  }, []);
  return (
    <AnnounceContext value={announce}>
      {children}
      <div aria-live="polite" className="sr-only">
        {text}
      </div>
    </AnnounceContext>
  );
}
